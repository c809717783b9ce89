/** The texts on screen, by object: for whoever changes a span by numbers rather than by pointer. */
import type { Editor, ResultRow } from '../core/types';
import type { SpanBoard } from './span-board';

const sources = new WeakMap<Editor, Map<string, SpanBoard>>();

/** Called by a text's view; returns the function that ends it. */
export function registerText(editor: Editor, object: string, board: SpanBoard): () => void {
  const known = sources.get(editor) ?? new Map<string, SpanBoard>();
  sources.set(editor, known);
  known.set(object, board);
  return () => {
    if (known.get(object) === board) known.delete(object);
  };
}

/**
 * The value of a span whose start or end moves by so many code points: kept in order and inside the text, its words read anew.
 * Nothing changes while its text is not on screen.
 */
export function shiftedSpan(edge: 'start' | 'end', by: number, row: ResultRow, editor: Editor): Record<string, unknown> {
  const board = sources.get(editor)?.get(row.to_name ?? '');
  const place = board?.format.read(row.value ?? {});
  if (!board || !place) return {};
  const { offsets } = board;
  const [start, end] = [offsets.toCodePoints(place.start), offsets.toCodePoints(place.end)];
  const from = edge === 'start' ? Math.min(Math.max(0, start + Math.round(by)), end - 1) : start;
  const to = edge === 'end' ? Math.min(Math.max(start + 1, end + Math.round(by)), offsets.codePoints) : end;
  const next = board.format.write(offsets.toUnits(from), offsets.toUnits(to));
  if (row.value && !('text' in row.value)) delete next.text;
  return next;
}
