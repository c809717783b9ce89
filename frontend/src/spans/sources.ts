/** The texts on screen, by object: for whoever changes a span by numbers rather than by pointer. */
import type { OffsetIndex } from '../core/offsets';
import type { Editor, ResultRow } from '../core/types';

const sources = new WeakMap<Editor, Map<string, OffsetIndex>>();

/** Called by a text's view; returns the function that ends it. */
export function registerText(editor: Editor, object: string, text: OffsetIndex): () => void {
  const known = sources.get(editor) ?? new Map<string, OffsetIndex>();
  sources.set(editor, known);
  known.set(object, text);
  return () => {
    if (known.get(object) === text) known.delete(object);
  };
}

/** The value of a span with another start or end (code points): kept in order and inside the text, its words read anew. */
export function movedSpan(key: string, typed: number, row: ResultRow, editor: Editor): Record<string, unknown> {
  const text = sources.get(editor)?.get(row.to_name ?? '');
  const length = text?.codePoints ?? Number.POSITIVE_INFINITY;
  const start = key === 'start' ? Math.round(typed) : Number(row.value?.start);
  const end = key === 'end' ? Math.round(typed) : Number(row.value?.end);
  const from = key === 'start' ? Math.min(Math.max(0, start), end - 1) : start;
  const to = key === 'end' ? Math.min(Math.max(start + 1, end), length) : end;
  return { start: from, end: to, ...(text && row.value && 'text' in row.value && { text: text.slice(from, to) }) };
}
