/** What every text on screen can tell, whether it is plain, HTML or a dialogue: positions (UTF-16 units) to points of the page and back. */
import type { Piece } from './pieces';

export interface ShownPiece extends Piece {
  readonly index: number;
  readonly element: HTMLElement;
  visible: boolean;
  /** Ids of the spans that touch this piece. */
  readonly spans: Set<string>;
}

export interface SpanLayer {
  readonly root: HTMLElement;
  readonly text: string;
  /** The text as it is read, of the same length: where HTML breaks a line in its source, a space. */
  readonly reading: string;
  readonly pieces: ShownPiece[];
  /** Whether pieces hold nothing but their text, so that it may be cut into elements. */
  readonly isPlain: boolean;
  /** Words and sentences end at the borders of pieces. */
  readonly hasBlocks: boolean;
  /** Pieces that `[start, end)` touches. */
  touched(start: number, end: number): ShownPiece[];
  /** The node and offset of a position. At a border `side` says which piece it belongs to. */
  point(position: number, side?: 'start' | 'end'): { node: Node; offset: number } | null;
  range(start: number, end: number): Range | null;
  /** The position of a DOM point inside the text, or null when it lies elsewhere. */
  position(node: Node, offset: number): number | null;
  /** The position under a point of the page's window, or null. */
  positionAt(x: number, y: number): number | null;
  /** A box of the text's own document in the page's window: they differ inside a frame. */
  toWindow(box: DOMRect): DOMRect;
  /** Makes room for names above the lines, or takes it back. */
  spread(wide: boolean): void;
  destroy(): void;
}

/** The DOM point at a point of a document's window. */
export function caretAt(page: Document, x: number, y: number): { node: Node; offset: number } | null {
  const old = page as Document & { caretRangeFromPoint?: (x: number, y: number) => Range | null };
  const caret = page.caretPositionFromPoint?.(x, y);
  if (caret) return { node: caret.offsetNode, offset: caret.offset };
  const range = old.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}
