/** Where a span of a dialogue is: the phrases it begins and ends in (as texts), with offsets in them in code points. */
import { OffsetIndex } from '../../core/offsets';
import type { TagNode } from '../../core/types';
import { keepsText, type MakeFormat } from '../../spans/format';
import type { Stretch } from '../../spans/node-layer';
import { pieceAt } from '../../spans/pieces';

/** One stretch per phrase, and a line break between two. */
export function phraseStretches(texts: readonly HTMLElement[]): Stretch[] {
  return texts.flatMap((block, index) => {
    const node = block.firstChild as Text | null;
    const text = node?.data ?? '';
    const phrase: Stretch = { node, at: { node: node ?? block, offset: 0 }, text, reading: text, block };
    const line: Stretch = { node: null, at: { node: block, offset: block.childNodes.length }, text: '\n', reading: '\n', block };
    return index + 1 < texts.length ? [phrase, line] : [phrase];
  });
}

export function phraseFormat(object: TagNode): MakeFormat {
  return (layer, offsets) => {
    const phraseOf = (index: number) => {
      const piece = layer.pieces[index];
      return piece && { start: piece.start, text: layer.text.slice(piece.start, piece.end).replace(/\n$/, '') };
    };
    const units = (phrase: unknown, offset: unknown, isUnits: boolean): number | null => {
      const found = phraseOf(Number(phrase));
      if (!found || typeof offset !== 'number') return null;
      return found.start + Math.min(isUnits ? offset : new OffsetIndex(found.text).toUnits(offset), found.text.length);
    };
    const place = (value: Readonly<Record<string, unknown>>, isUnits: boolean) => {
      const start = units(value.start, value.startOffset, isUnits);
      const end = units(value.end, value.endOffset, isUnits);
      return start === null || end === null || end < start ? null : { start, end };
    };
    return {
      read(value) {
        const found = place(value, false);
        if (typeof value.text !== 'string' || !found || layer.text.slice(found.start, found.end) === value.text) return found;
        // Label Studio counts UTF-16 units here; the words tell.
        const other = place(value, true);
        return other && layer.text.slice(other.start, other.end) === value.text ? other : found;
      },
      write(from, to) {
        const [first, last] = [pieceAt(layer.pieces, from), pieceAt(layer.pieces, Math.max(from, to - 1))];
        const within = (at: number, piece: number) => offsets.toCodePoints(at) - offsets.toCodePoints(layer.pieces[piece]?.start ?? 0);
        return {
          start: String(first),
          end: String(last),
          startOffset: within(from, first),
          endOffset: within(to, last),
          ...(keepsText(object) && { text: layer.text.slice(from, to) }),
        };
      },
    };
  };
}
