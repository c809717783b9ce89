/** The import page: files go to the server one by one, and each says what became of it. */
import { signal } from '@preact/signals';
import { render } from 'preact';
import { plural, t } from '../core/text';
import { DropZone } from './drop-zone';
import { FileList } from './file-list';
import { type FileWork, sendFiles } from './upload';

const files = signal<FileWork[]>([]);
const busy = signal(false);

function Importer({ project, done }: { project: string; done: string }) {
  const all = files.value;
  const open = all.filter((one) => one.state !== 'done');
  const tasks = all.reduce((sum, one) => sum + one.tasks, 0);

  const run = async () => {
    busy.value = true;
    const whole = await sendFiles(project, files);
    busy.value = false;
    if (whole) window.location.assign(done);
  };

  return (
    <>
      <DropZone files={files} compact={all.length > 0} />
      {all.length > 0 && <FileList files={files} />}
      {all.length > 0 && (
        <p class="form-foot">
          {open.length > 0 ? (
            <button type="button" class="button button-primary" disabled={busy.value} onClick={() => void run()}>
              {open.some((one) => one.state === 'failed') ? t('Try again') : plural(open.length, 'Import {n} file', 'Import {n} files', { n: open.length })}
            </button>
          ) : (
            <a class="button button-primary" href={done}>
              {plural(tasks, 'See {n} task', 'See {n} tasks', { n: tasks })}
            </a>
          )}
        </p>
      )}
    </>
  );
}

window.addEventListener('beforeunload', (event) => {
  if (busy.value) event.preventDefault();
});

const root = document.querySelector<HTMLElement>('#import');
if (root) render(<Importer project={root.dataset.project ?? ''} done={root.dataset.done ?? ''} />, root);
