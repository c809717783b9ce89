/** The import page: files are sent as soon as they are there, then shown as what they would become, then imported by a job. */
import { computed, effect, signal } from '@preact/signals';
import { render } from 'preact';
import { plural, t } from '../core/text';
import { DropZone } from './drop-zone';
import { FileList } from './file-list';
import { fetchJson, place, Refusal } from './http';
import { type Choices, classesOf, ImportPreview, type Preview } from './import-preview';
import { Sender } from './sending';
import type { FileWork } from './upload';

const POLL = 500; // milliseconds

interface ImportState {
  id: number;
  job: number;
  status: string;
  error: string | null;
  refused: number;
  task_count: number;
}

const files = signal<FileWork[]>([]);
const found = signal<Preview | null>(null);
const choices = signal<Choices>({ format: '', control: '', classes: {}, as_predictions: false, files_as_tasks_list: true, leave_out: false, elsewhere: false });
const running = signal<{ share: number | null; job: number } | null>(null);
const outcome = signal<ImportState | null>(null);
const trouble = signal('');
// Counts what changes the project's set-up, so that the files are looked at again.
const looks = signal(0);
const uploads = computed(() => files.value.flatMap((one) => (one.state === 'sent' ? [one.upload] : [])).join(','));
const moving = computed(() => files.value.some((one) => ['waiting', 'sending', 'paused'].includes(one.state)));

function body(): Record<string, unknown> {
  const chosen = choices.value;
  const classes = found.value ? classesOf(found.value, chosen.classes) : chosen.classes;
  return { file_upload_ids: uploads.value.split(',').map(Number), ...chosen, classes };
}

function Importer({ project, done, sender }: { project: string; done: string; sender: Sender }) {
  const all = files.value;
  const failed = all.filter((one) => one.state === 'failed').length;
  return (
    <>
      {!running.value && <DropZone files={files} compact={all.length > 0} />}
      {all.length > 0 && <FileList files={files} onRemove={(one) => sender.forget(one)} />}
      <p class="form-foot">
        {moving.value &&
          (sender.paused.value ? (
            <button type="button" class="button button-primary" onClick={() => sender.goOn()}>
              {t('Continue')}
            </button>
          ) : (
            <button type="button" class="button" onClick={() => void sender.pause()}>
              {t('Pause')}
            </button>
          ))}
        {failed > 0 && !moving.value && (
          <button type="button" class="button" onClick={() => sender.again()}>
            {t('Send the failed files again')}
          </button>
        )}
      </p>
      {found.value && uploads.value && !moving.value && !running.value && (
        <ImportPreview found={found.value} choices={choices} adopt={(config) => void adopt(project, config)} />
      )}
      {trouble.value && (
        <p class="notice notice-error" role="alert">
          {trouble.value}
        </p>
      )}
      <Outcome project={project} done={done} />
      {running.value ? (
        <Running />
      ) : (
        uploads.value &&
        !moving.value && (
          <p class="form-foot">
            <button type="button" class="button button-primary" disabled={!ready()} onClick={() => void run(project)}>
              {found.value?.rows ? plural(tasks(found.value), 'Import {n} task', 'Import {n} tasks', { n: tasks(found.value) }) : t('Import')}
            </button>
            {found.value !== null && found.value.refused > 0 && !choices.value.leave_out && (
              <span class="quiet">{t('Mend the rows above, or leave them out.')}</span>
            )}
          </p>
        )
      )}
    </>
  );
}

function tasks(preview: Preview): number {
  return (preview.rows ?? 0) - preview.refused;
}

/** Nothing is sent that is known to fail. */
function ready(): boolean {
  const preview = found.value;
  if (!preview) return false;
  if (preview.refused > 0 && !choices.value.leave_out) return false;
  return preview.rows === null || tasks(preview) > 0;
}

function Running() {
  const { share, job } = running.value ?? { share: null, job: 0 };
  return (
    <p class="import-running" role="status">
      <progress class="progress" value={share ?? undefined} max={1} aria-label={t('Importing')} />
      {share === null ? t('Reading the files…') : t('Importing, {n} %', { n: Math.floor(share * 100) })}
      <button type="button" class="button button-small" onClick={() => void fetchJson(place(`api/jobs/${job}/cancel`), { method: 'POST' })}>
        {t('Cancel')}
      </button>
    </p>
  );
}

function Outcome({ project, done }: { project: string; done: string }) {
  const state = outcome.value;
  if (!state) return null;
  const report = place(`api/projects/${project}/imports/${state.id}/refused`);
  const whole = state.status === 'completed';
  return (
    <div class={`import-outcome notice ${whole ? 'notice-success' : 'notice-error'}`} role={whole ? 'status' : 'alert'}>
      {whole ? (
        <p>
          {plural(state.task_count, '{n} task was imported.', '{n} tasks were imported.', { n: state.task_count })}{' '}
          <a href={done}>{plural(state.task_count, 'See {n} task', 'See {n} tasks', { n: state.task_count })}</a>
        </p>
      ) : (
        <ul class="problems">
          {(state.error ?? t('The import was cancelled.'))
            .split('\n')
            .slice(0, 10)
            .map((text) => (
              <li key={text}>{text}</li>
            ))}
        </ul>
      )}
      {state.refused > 0 && (
        <p>
          {plural(state.refused, '{n} row was not taken:', '{n} rows were not taken:', { n: state.refused })}{' '}
          <a href={`${report}?format=csv`} download>
            {t('report as CSV')}
          </a>
          {', '}
          <a href={`${report}?format=json`} download>
            {t('as JSON')}
          </a>
        </p>
      )}
    </div>
  );
}

/** Makes a proposed labeling set-up the project's, and looks at the files again. */
async function adopt(project: string, config: string): Promise<void> {
  trouble.value = '';
  try {
    await fetchJson(place(`api/projects/${project}/`), { method: 'PATCH', json: { label_config: config } });
    looks.value += 1;
  } catch (error) {
    trouble.value = error instanceof Refusal ? error.message : t('The server could not be reached.');
  }
}

async function run(project: string): Promise<void> {
  trouble.value = '';
  outcome.value = null;
  running.value = { share: null, job: 0 };
  const address = place(`api/projects/${project}/imports`);
  try {
    const sent = body();
    let state = await fetchJson<ImportState>(address, { method: 'POST', json: sent });
    for (;;) {
      const job = await fetchJson<{ status: string; done: number; total: number | null }>(place(`api/jobs/${state.job}`));
      state = await fetchJson<ImportState>(`${address}/${state.id}`);
      if (state.status === 'completed' || state.status === 'failed' || job.status === 'cancelled' || job.status === 'failed') break;
      running.value = { share: job.total ? job.done / job.total : null, job: state.job };
      await new Promise((rest) => window.setTimeout(rest, POLL));
    }
    outcome.value = state;
    if (state.status === 'completed') {
      const imported = new Set(sent.file_upload_ids as number[]);
      files.value = files.value.filter((one) => !imported.has(one.upload));
    }
  } catch (error) {
    trouble.value = error instanceof Refusal ? error.message : t('The server could not be reached. An import that has begun goes on by itself.');
  }
  running.value = null;
}

/** Asks what would become of what was sent, when there is something new to ask. */
function look(project: string): void {
  let asked = 0;
  effect(() => {
    const ids = uploads.value;
    looks.value;
    const { leave_out: _left, ...asked_for } = choices.value;
    if (!ids || moving.value) return;
    const question = { file_upload_ids: ids.split(',').map(Number), ...asked_for };
    asked++;
    const mine = asked;
    void fetchJson<Preview>(place(`api/projects/${project}/imports/preview`), { method: 'POST', json: question })
      .then((answer) => {
        if (mine === asked) found.value = answer;
      })
      .catch((error: unknown) => {
        if (mine === asked) trouble.value = error instanceof Refusal ? error.message : t('The server could not be reached.');
      });
  });
}

function start(root: HTMLElement): void {
  const { project = '', done = '' } = root.dataset;
  const sender = new Sender(project, files);
  render(<Importer project={project} done={done} sender={sender} />, root);
  effect(() => {
    if (files.value.some((one) => one.state === 'waiting')) sender.fill();
  });
  look(project);
  void sender.restore().catch(() => undefined); // without a connection there is nothing to restore, and sending will say so
}

window.addEventListener('beforeunload', (event) => {
  if (files.value.some((one) => one.state === 'sending')) event.preventDefault();
});

const root = document.querySelector<HTMLElement>('#import');
if (root) start(root);
