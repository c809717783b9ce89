/** Drop zone, the files that were dropped, and the first rows that they would become. */
import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import { t } from '../core/text';
import { DropZone } from './drop-zone';
import { FileList } from './file-list';
import { type FirstRows, firstRows, type Row } from './first-rows';
import { RowPreview } from './row-preview';
import type { FileWork } from './upload';

const MOST_ROWS = 5;

export function DataStep({ files, rows }: { files: Signal<FileWork[]>; rows: Signal<Row[]> }) {
  const problems = useSignal<string[]>([]);
  const looks = useSignal(new Map<number, Promise<FirstRows>>());
  useSignalEffect(() => {
    let gone = false;
    const firsts = files.value.slice(0, MOST_ROWS);
    const known = looks.peek();
    for (const { id, file } of firsts) if (!known.has(id)) known.set(id, firstRows(file));
    void Promise.all(firsts.map((one) => known.get(one.id))).then((found) => {
      if (gone) return;
      const next = found.flatMap((one) => one?.rows ?? []).slice(0, MOST_ROWS);
      // The files change with every bit of progress; what was seen in them does not.
      if (JSON.stringify(next) !== JSON.stringify(rows.peek())) rows.value = next;
      problems.value = found.flatMap((one) => one?.problems ?? []);
    });
    return () => {
      gone = true;
    };
  });
  return (
    <>
      <DropZone files={files} compact={files.value.length > 0} />
      {files.value.length > 0 ? (
        <>
          <FileList files={files} />
          {problems.value.length > 0 && (
            <ul class="notice notice-error problems" role="alert">
              {problems.value.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )}
          <RowPreview rows={rows.value} />
        </>
      ) : (
        <p class="hint">{t('Tables and lists (CSV, TSV, JSON, JSONL, TXT) or images, audio, video, HTML and PDF. You can also import later.')}</p>
      )}
    </>
  );
}
