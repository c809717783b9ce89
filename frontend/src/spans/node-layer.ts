/** A text made of the text nodes of a tree (HTML, a dialogue): an index of where each begins gives positions to DOM points and back. */
import { caretAt, type ShownPiece, type SpanLayer } from './layer';
import { pieceAt } from './pieces';

/** One stretch of the text: a text node, or a single character that stands for a line break. */
export interface Stretch {
  node: Text | null;
  /** For a line break: where it stands in the tree. */
  at: { node: Node; offset: number };
  text: string;
  reading: string;
  /** The element whose place on screen this is. */
  block: HTMLElement;
}

const INLINE = new Set(
  'a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s samp small span strike strong sub sup time tt u var wbr svg'.split(
    ' ',
  ),
);
const UNSEEN = new Set(['STYLE', 'REMOVED-ELEMENT']);

function blockOf(node: Node, root: HTMLElement): HTMLElement {
  let block = node.parentElement ?? root;
  while (block !== root && INLINE.has(block.localName)) block = block.parentElement ?? root;
  return block;
}

/** The stretches of HTML. A `<br>` counts as one character, white space of the source reads as spaces. */
export function htmlStretches(root: HTMLElement): Stretch[] {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const found: Stretch[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const block = blockOf(node, root);
    if (node.nodeType === Node.TEXT_NODE) {
      const text = (node as Text).data;
      if (text === '') continue;
      const reading = UNSEEN.has(node.parentElement?.tagName ?? '')
        ? ' '.repeat(text.length)
        : node.parentElement?.closest('pre')
          ? text
          : text.replace(/\s/g, ' ');
      found.push({ node: node as Text, at: { node, offset: 0 }, text, reading, block });
    } else if ((node as Element).localName === 'br') {
      const parent = node.parentNode as Node;
      found.push({ node: null, at: { node: parent, offset: [...parent.childNodes].indexOf(node as ChildNode) }, text: '\n', reading: '\n', block });
    }
  }
  return found;
}

export interface NodePlace {
  /** The window that shows the tree, relative to the page's: a frame's element. */
  frame: HTMLIFrameElement | null;
  hasBlocks: boolean;
}

export class NodeLayer implements SpanLayer {
  readonly isPlain = false;
  readonly text: string;
  readonly reading: string;
  readonly pieces: ShownPiece[] = [];
  readonly hasBlocks: boolean;
  readonly starts: number[] = [];
  private readonly places = new Map<Node, number>();
  private readonly byElement = new Map<Element, ShownPiece[]>();
  private readonly observer: IntersectionObserver | null;

  constructor(
    readonly root: HTMLElement,
    readonly stretches: readonly Stretch[],
    private readonly place: NodePlace,
    private readonly onVisible: (pieces: readonly ShownPiece[]) => void,
  ) {
    this.hasBlocks = place.hasBlocks;
    this.text = stretches.map((stretch) => stretch.text).join('');
    this.reading = stretches.map((stretch) => stretch.reading).join('');
    this.observer = typeof IntersectionObserver === 'function' ? new IntersectionObserver((entries) => this.seen(entries), { rootMargin: '300px' }) : null;
    let at = 0;
    for (const [index, stretch] of stretches.entries()) {
      this.starts.push(at);
      if (stretch.node) this.places.set(stretch.node, index);
      const end = at + stretch.text.length;
      const last = this.pieces.at(-1);
      if (last && last.element === stretch.block) last.end = end;
      else this.addPiece(stretch.block, at, end);
      at = end;
    }
    for (const element of this.byElement.keys()) this.observer?.observe(element);
  }

  private addPiece(element: HTMLElement, start: number, end: number): void {
    const piece: ShownPiece = { index: this.pieces.length, element, start, end, visible: this.observer === null, spans: new Set() };
    this.pieces.push(piece);
    this.byElement.set(element, [...(this.byElement.get(element) ?? []), piece]);
  }

  private seen(entries: IntersectionObserverEntry[]): void {
    const changed: ShownPiece[] = [];
    for (const entry of entries) {
      for (const piece of this.byElement.get(entry.target) ?? []) {
        if (piece.visible === entry.isIntersecting) continue;
        piece.visible = entry.isIntersecting;
        changed.push(piece);
      }
    }
    if (changed.length) this.onVisible(changed);
  }

  /** Index of the stretch that holds a position: of two that meet there the later, or the earlier for an end. */
  stretchAt(position: number, side: 'start' | 'end' = 'start'): number {
    const at = side === 'end' ? position - 1 : position;
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where a text node begins, or null when it is none of this text. */
  startOf(node: Node): number | null {
    const index = this.places.get(node);
    return index === undefined ? null : (this.starts[index] as number);
  }

  touched(start: number, end: number): ShownPiece[] {
    if (this.pieces.length === 0) return [];
    const last = pieceAt(this.pieces, Math.max(start, end - 1));
    return this.pieces.slice(pieceAt(this.pieces, start), last + 1);
  }

  point(position: number, side: 'start' | 'end' = 'start'): { node: Node; offset: number } | null {
    const index = this.stretchAt(position, side);
    const stretch = this.stretches[index];
    if (!stretch) return null;
    const offset = Math.min(Math.max(0, position - (this.starts[index] as number)), stretch.text.length);
    return stretch.node ? { node: stretch.node, offset } : { node: stretch.at.node, offset: stretch.at.offset + offset };
  }

  range(start: number, end: number): Range | null {
    const from = this.point(start);
    const to = this.point(end, 'end');
    if (!from || !to) return null;
    const range = this.root.ownerDocument.createRange();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    return range;
  }

  position(node: Node, offset: number): number | null {
    const known = this.startOf(node);
    if (known !== null) return known + offset;
    if (!this.root.contains(node)) return null;
    // A point between elements: the first stretch that does not lie before it.
    const point = this.root.ownerDocument.createRange();
    point.setStart(node, offset);
    let low = 0;
    let high = this.stretches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { at } = this.stretches[middle] as Stretch;
      if (point.comparePoint(at.node, at.offset) < 0) low = middle + 1;
      else high = middle;
    }
    return this.starts[low] ?? this.text.length;
  }

  positionAt(x: number, y: number): number | null {
    const origin = this.toWindow(new DOMRect());
    const caret = caretAt(this.root.ownerDocument, x - origin.left, y - origin.top);
    return caret && this.position(caret.node, caret.offset);
  }

  toWindow(box: DOMRect): DOMRect {
    const frame = this.place.frame?.getBoundingClientRect();
    return frame ? new DOMRect(box.left + frame.left, box.top + frame.top, box.width, box.height) : box;
  }

  spread(wide: boolean): void {
    this.root.classList.toggle('has-span-names', wide);
  }

  destroy(): void {
    this.observer?.disconnect();
  }
}
