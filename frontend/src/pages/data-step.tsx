/** Drop zone, the files that were dropped, and the first rows that they would become. */
import { type Signal, useSignalEffect } from '@preact/signals';
import { t } from '../ui/i18n';
import { DropZone } from './drop-zone';
import { FileList } from './file-list';
import { firstRows, MOST_ROWS, type Row } from './first-rows';
import { RowPreview } from './row-preview';
import type { FileWork } from './upload';

export function DataStep({ files, rows }: { files: Signal<FileWork[]>; rows: Signal<Row[]> }) {
  useSignalEffect(() => {
    const current = files.value;
    let gone = false;
    void Promise.all(current.slice(0, MOST_ROWS).map((one) => firstRows(one.file))).then((found) => {
      if (!gone) rows.value = found.flatMap((one) => one.rows).slice(0, MOST_ROWS);
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
          <RowPreview rows={rows.value} />
        </>
      ) : (
        <p class="hint">{t('Tables and lists (CSV, TSV, JSON, JSONL, TXT) or images, audio, video, HTML and PDF. You can also import later.')}</p>
      )}
    </>
  );
}
