/**
 * A text cut into blocks of whole lines, and long lines into pieces: the units that are measured, skipped while off screen,
 * and highlighted. Positions are UTF-16 units.
 */
export interface Piece {
  start: number;
  end: number;
}

export interface Block extends Piece {
  pieces: Piece[];
}

const BLOCK = 4096;

/** Where to cut a long line: after white space near the size, never inside a surrogate pair. */
function cutPoint(text: string, from: number, end: number): number {
  const target = from + BLOCK;
  if (target >= end) return end;
  for (let at = target; at > target - 200; at -= 1) if (/\s/.test(text[at - 1] as string)) return at;
  const unit = text.charCodeAt(target);
  return unit >= 0xdc00 && unit <= 0xdfff ? target - 1 : target;
}

/** Blocks of about 4 kB that end at line ends; they cover the text without gap. */
export function cutBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let start = 0;
  while (start < text.length) {
    let end = start;
    while (end < text.length && end - start < BLOCK) {
      const lineEnd = text.indexOf('\n', end);
      const next = lineEnd < 0 ? text.length : lineEnd + 1;
      if (end > start && next - start > BLOCK) break;
      end = next;
    }
    const pieces: Piece[] = [];
    for (let at = start; at < end; ) {
      const stop = end - start > BLOCK * 1.5 ? cutPoint(text, at, end) : end;
      pieces.push({ start: at, end: stop });
      at = stop;
    }
    blocks.push({ start, end, pieces });
    start = end;
  }
  return blocks;
}

/** Index of the piece that holds `position` (the last one for the end of the text), by binary search. */
export function pieceAt(pieces: readonly Piece[], position: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle] as Piece).start <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
