/** What people do to regions beside drawing: lock, annotate with a note, nest, duplicate. */
import { regionId } from './ids';
import { t } from './text';
import type { Editor, ResultRow, RowChange } from './types';

function changeRows(editor: Editor, ids: Iterable<string>, change: (row: ResultRow) => ResultRow): RowChange[] {
  const wanted = new Set(ids);
  return editor
    .rows()
    .filter(([, row]) => row.id !== undefined && wanted.has(row.id))
    .map(([key, row]) => ({ key, row: change(row) }));
}

export function setLocked(editor: Editor, ids: Iterable<string>, locked: boolean): void {
  const changes = changeRows(editor, ids, (row) => {
    const { readonly: _old, ...rest } = row;
    return (locked ? { ...rest, readonly: true } : rest) as ResultRow;
  });
  editor.commit(locked ? t('Lock') : t('Unlock'), changes);
}

/** A note on a region, kept in `meta.text` as a list of lines. */
export function setNote(editor: Editor, id: string, note: string): void {
  const changes = changeRows(editor, [id], (row) => {
    const { text: _old, ...meta } = (row.meta ?? {}) as Record<string, unknown>;
    const { meta: _meta, ...rest } = row;
    const next = note === '' ? meta : { ...meta, text: [note] };
    return (Object.keys(next).length > 0 ? { ...rest, meta: next } : rest) as ResultRow;
  });
  // The note lives on the region's first row, as Label Studio has it.
  editor.commit(t('Note'), changes.slice(0, 1));
}

export function noteOf(rows: readonly ResultRow[]): string {
  for (const row of rows) {
    const text = row.meta?.text;
    if (Array.isArray(text)) return text.join('\n');
    if (typeof text === 'string') return text;
  }
  return '';
}

export function setParent(editor: Editor, id: string, parent: string | null): void {
  for (let at = parent; at; at = editor.regions.get(at)?.parent ?? null) if (at === id) return;
  const changes = changeRows(editor, [id], (row) => {
    const { parentID: _old, ...rest } = row;
    return (parent === null ? rest : { ...rest, parentID: parent }) as ResultRow;
  });
  editor.commit(t('Nest'), changes);
}

/** Copies regions with their answers; answers the new ids. A copy of a drawn shape is moved a little, so that it can be seen. */
export function duplicate(editor: Editor, ids: Iterable<string>): string[] {
  const made = new Map([...ids].map((id) => [id, regionId()]));
  const changes: RowChange[] = [];
  for (const [, row] of editor.rows()) {
    const id = row.id === undefined ? undefined : made.get(row.id);
    if (id === undefined) continue;
    const { score: _score, ...rest } = row;
    const { x, y } = row.value ?? {};
    const moved = typeof x === 'number' && typeof y === 'number' ? { ...row.value, x: Math.min(x + 1, 99), y: Math.min(y + 1, 99) } : row.value;
    changes.push({ row: { ...rest, id, origin: 'manual', ...(moved && { value: moved }) } as ResultRow });
  }
  if (changes.length === 0) return [];
  editor.commit(t('Duplicate'), changes);
  editor.select(made.values());
  return [...made.values()];
}
