/** Takes files by dropping (folders too), by choosing, and by pasting. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../core/text';
import { Icon } from './icon';
import { type FileWork, workFor } from './upload';

export function DropZone({ files, compact }: { files: Signal<FileWork[]>; compact: boolean }) {
  const over = useSignal(false);
  const input = useRef<HTMLInputElement>(null);

  const add = (more: Iterable<FileWork>) => {
    // Hidden files (.DS_Store) come with every folder and are nobody's data.
    const fresh = [...more].filter((one) => (one.size > 0 || one.file.type) && !one.name.split('/').some((part) => part.startsWith('.')));
    const known = new Set(files.value.map(identity));
    const added = fresh.filter((one) => !known.has(identity(one)));
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
      if (event.clipboardData?.files.length) add([...event.clipboardData.files].map((file) => workFor(file)));
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

  const ask = (folder: boolean) => {
    if (!input.current) return;
    input.current.webkitdirectory = folder;
    input.current.click();
  };

  return (
    <div class={`drop-zone${over.value ? ' drop-over' : ''}${compact ? ' drop-compact' : ''}`}>
      <Icon name="upload" size={20} />
      <p>{t('Drop files here')}</p>
      <button type="button" class="button" onClick={() => ask(false)}>
        {compact ? t('Add files') : t('Choose files')}
      </button>
      <button type="button" class="button" onClick={() => ask(true)}>
        {compact ? t('Add a folder') : t('Choose a folder')}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="files"
        onChange={(event) => {
          add([...(event.currentTarget.files ?? [])].map((file) => workFor(file)));
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}

function identity(one: FileWork): string {
  return `${one.name}/${one.size}/${one.upload ? 0 : one.file.lastModified}`;
}

/** The files of a drop; folders are walked, and their names kept. */
async function filesOf(transfer: DataTransfer): Promise<FileWork[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files].map((file) => workFor(file));
  return (await Promise.all(entries.map(walk))).flat();
}

async function walk(entry: FileSystemEntry): Promise<FileWork[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed));
    return [workFor(file, entry.fullPath.replace(/^\//, ''))];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileWork[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    found.push(...(await Promise.all(some.map(walk))).flat());
  }
}
