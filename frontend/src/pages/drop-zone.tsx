/** Takes files by dropping (folders too), by choosing, and by pasting. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../core/text';
import { Icon } from './icon';
import { type FileWork, workFor } from './upload';

export function DropZone({ files, compact }: { files: Signal<FileWork[]>; compact: boolean }) {
  const over = useSignal(false);
  const input = useRef<HTMLInputElement>(null);

  const add = (more: Iterable<File>) => {
    const fresh = [...more].filter((file) => file.size > 0 || file.type);
    const known = new Set(files.value.map((one) => `${one.file.name}/${one.file.size}/${one.file.lastModified}`));
    const added = fresh.filter((file) => !known.has(`${file.name}/${file.size}/${file.lastModified}`)).map(workFor);
    if (added.length) files.value = [...files.value, ...added];
  };

  // Anywhere on the page counts: who misses the zone by an inch must not open the file instead of the page.
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const drag = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      over.value = true;
    };
    const leave = (event: DragEvent) => {
      if (!event.relatedTarget) over.value = false;
    };
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      over.value = false;
      void filesOf(event.dataTransfer).then(add);
    };
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData?.files.length) add(event.clipboardData.files);
    };
    document.addEventListener('dragover', drag);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('dragover', drag);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
      document.removeEventListener('paste', paste);
    };
  }, []);

  return (
    <div class={`drop-zone${over.value ? ' drop-over' : ''}${compact ? ' drop-compact' : ''}`}>
      <Icon name="upload" size={20} />
      <p>{t('Drop files here')}</p>
      <button type="button" class="button" onClick={() => input.current?.click()}>
        {compact ? t('Add files') : t('Choose files')}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="files"
        onChange={(event) => {
          add(event.currentTarget.files ?? []);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}

/** The files of a drop; folders are walked. */
async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  return (await Promise.all(entries.map(walk))).flat();
}

async function walk(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    found.push(...(await Promise.all(some.map(walk))).flat());
  }
}
