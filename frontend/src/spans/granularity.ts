/** What a selection snaps to: characters, words, sentences or paragraphs. Positions are UTF-16 units. */
import type { SpanLayer } from './layer';

function segments(text: string, granularity: 'word' | 'sentence'): Intl.Segmenter | null {
  return text.length > 0 && 'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity }) : null;
}

function snapBySegments(text: string, start: number, end: number, granularity: 'word' | 'sentence'): [number, number] {
  const segmenter = segments(text, granularity);
  if (!segmenter) return [start, end];
  // A window around the selection: segmenting a whole book for one word would take seconds.
  const from = Math.max(0, text.lastIndexOf('\n', Math.max(0, start - 1)) + 1, start - 4000);
  const stop = text.indexOf('\n', end);
  const to = Math.min(stop < 0 ? text.length : stop, end + 4000);
  const all = segmenter.segment(text.slice(from, Math.max(to, end)));
  const first = all.containing(start - from);
  const last = all.containing(Math.max(start, end - 1) - from);
  return [first ? from + first.index : start, last ? from + last.index + last.segment.length : end];
}

/** The selection, widened to whole units, without white space at its ends. Null when nothing is left. */
export function snap(text: string, start: number, end: number, granularity: string): [number, number] | null {
  let [from, to] = start <= end ? [start, end] : [end, start];
  while (from < to && /\s/.test(text[from] as string)) from += 1;
  while (to > from && /\s/.test(text[to - 1] as string)) to -= 1;
  if (from >= to) return null;
  if (granularity === 'word' || granularity === 'sentence') [from, to] = snapBySegments(text, from, to, granularity);
  if (granularity === 'paragraph') {
    from = text.lastIndexOf('\n', from - 1) + 1;
    const stop = text.indexOf('\n', to);
    to = stop < 0 ? text.length : stop;
  }
  while (to > from && /\s/.test(text[to - 1] as string)) to -= 1;
  // Half of a surrogate pair is never a selection.
  if (isTail(text, from)) from -= 1;
  if (isTail(text, to)) to += 1;
  return from < to ? [from, to] : null;
}

/** As `snap`, in a text on screen: what goes on over several blocks is widened in the first and in the last of them. */
export function snapIn(layer: SpanLayer, start: number, end: number, granularity: string): [number, number] | null {
  const bare = snap(layer.reading, start, end, 'symbol');
  if (!bare || !layer.hasBlocks) return bare && snap(layer.reading, start, end, granularity);
  const [from, to] = bare;
  const pieces = layer.touched(from, to);
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (!first || !last || granularity === 'symbol') return bare;
  if (granularity === 'paragraph') return snap(layer.reading, first.start, last.end, 'symbol');
  const widened = (piece: { start: number; end: number }): [number, number] => {
    const [a, b] = [Math.max(from, piece.start), Math.min(to, piece.end)];
    const found = snap(layer.reading.slice(piece.start, piece.end), a - piece.start, b - piece.start, granularity);
    return found ? [piece.start + found[0], piece.start + found[1]] : [a, b];
  };
  return [widened(first)[0], widened(last)[1]];
}

function isTail(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
}
