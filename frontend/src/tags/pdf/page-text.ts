/** The words of a page and where they stand, from its top left corner in the page's own units. */
import type { Box } from '../../geometry/plane';

export interface Word extends Box {
  readonly text: string;
  /** A line ends behind it. */
  readonly isLast: boolean;
}

interface TextItem {
  str: string;
  /** a b c d e f: the text's own axes on the page, whose y axis points up. */
  transform: number[];
  width: number;
  height: number;
  hasEOL: boolean;
}

const isItem = (item: object): item is TextItem => 'str' in item && 'transform' in item;

/** Words of the items that pdf.js finds: an item's width is shared out among its characters. */
export function wordsOf(items: readonly object[], toPage: (x: number, y: number) => readonly number[]): Word[] {
  return items.flatMap((item): Word[] => {
    if (!isItem(item) || item.str.trim() === '') return [];
    const [a = 1, b = 0, , , e = 0, f = 0] = item.transform;
    const length = Math.hypot(a, b) || 1;
    const [along, up] = [
      { x: a / length, y: b / length },
      { x: -b / length, y: a / length },
    ];
    const found: Word[] = [];
    for (const match of item.str.matchAll(/\S+/g)) {
      const from = (match.index / item.str.length) * item.width;
      const to = ((match.index + match[0].length) / item.str.length) * item.width;
      const corners = [
        [from, 0],
        [to, 0],
        [from, item.height],
        [to, item.height],
      ].map(([right = 0, high = 0]) => toPage(e + along.x * right + up.x * high, f + along.y * right + up.y * high));
      const xs = corners.map(([x = 0]) => x);
      const ys = corners.map(([, y = 0]) => y);
      found.push({ text: match[0], isLast: false, minX: Math.min(...xs), maxX: Math.max(...xs), minY: Math.min(...ys), maxY: Math.max(...ys) });
    }
    const last = found.pop();
    return last ? [...found, { ...last, isLast: item.hasEOL }] : found;
  });
}

/** What is written in a part of the page: words whose middle lies in it, lines apart. */
export function textIn(words: readonly Word[], box: Box): string {
  const inside = words.filter((word) => {
    const x = (word.minX + word.maxX) / 2;
    const y = (word.minY + word.maxY) / 2;
    return x >= box.minX && x <= box.maxX && y >= box.minY && y <= box.maxY;
  });
  let text = '';
  let last: Word | null = null;
  for (const word of inside) {
    const isNewLine = last && (last.isLast || Math.abs(word.minY - last.minY) > (last.maxY - last.minY) / 2);
    text += `${last ? (isNewLine ? '\n' : ' ') : ''}${word.text}`;
    last = word;
  }
  return text;
}
