/** A text in the page: blocks and pieces as elements, positions to DOM points and back, and which pieces are on screen. */
import { caretAt, type ShownPiece, type SpanLayer } from './layer';
import { cutBlocks, pieceAt } from './pieces';

export class TextLayer implements SpanLayer {
  readonly isPlain = true;
  readonly hasBlocks = false;
  readonly pieces: ShownPiece[] = [];
  private readonly byElement = new Map<Node, ShownPiece>();
  private readonly observer: IntersectionObserver | null;

  constructor(
    readonly root: HTMLElement,
    readonly text: string,
    private readonly onVisible: (pieces: readonly ShownPiece[]) => void,
  ) {
    this.observer = typeof IntersectionObserver === 'function' ? new IntersectionObserver((entries) => this.seen(entries), { rootMargin: '300px' }) : null;
    const all = document.createDocumentFragment();
    for (const block of cutBlocks(text)) {
      const element = document.createElement('div');
      element.className = 'text-block';
      // The height is reserved while the block is skipped: about 80 characters to a line.
      element.style.containIntrinsicSize = `auto ${Math.max(1, Math.ceil((block.end - block.start) / 80)) * 28}px`;
      for (const piece of block.pieces) {
        const holder = block.pieces.length === 1 ? element : document.createElement('span');
        holder.append(text.slice(piece.start, piece.end));
        if (holder !== element) element.append(holder);
        const shown: ShownPiece = { ...piece, index: this.pieces.length, element: holder, visible: this.observer === null, spans: new Set() };
        this.pieces.push(shown);
        this.byElement.set(holder, shown);
      }
      all.append(element);
    }
    root.replaceChildren(all);
    for (const piece of this.pieces) this.observer?.observe(piece.element);
  }

  get reading(): string {
    return this.text;
  }

  private seen(entries: IntersectionObserverEntry[]): void {
    const changed: ShownPiece[] = [];
    for (const entry of entries) {
      const piece = this.byElement.get(entry.target);
      if (!piece || piece.visible === entry.isIntersecting) continue;
      piece.visible = entry.isIntersecting;
      changed.push(piece);
    }
    if (changed.length) this.onVisible(changed);
  }

  touched(start: number, end: number): ShownPiece[] {
    if (this.pieces.length === 0) return [];
    const last = pieceAt(this.pieces, Math.max(start, end - 1));
    return this.pieces.slice(pieceAt(this.pieces, start), last + 1);
  }

  point(position: number, side: 'start' | 'end' = 'start'): { node: Node; offset: number } | null {
    if (this.pieces.length === 0) return null;
    const at = side === 'end' && position > 0 ? position - 1 : position;
    const piece = this.pieces[pieceAt(this.pieces, at)] as ShownPiece;
    let left = Math.min(position, piece.end) - piece.start;
    const walker = document.createTreeWalker(piece.element, NodeFilter.SHOW_TEXT);
    let last: Node | null = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const length = node.nodeValue?.length ?? 0;
      if (left < length || (left === length && side === 'end')) return { node, offset: left };
      left -= length;
      last = node;
    }
    return last ? { node: last, offset: last.nodeValue?.length ?? 0 } : { node: piece.element, offset: 0 };
  }

  range(start: number, end: number): Range | null {
    const from = this.point(start);
    const to = this.point(end, 'end');
    if (!from || !to) return null;
    const range = document.createRange();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    return range;
  }

  position(node: Node, offset: number): number | null {
    if (node === this.root) return this.pieces[offset]?.start ?? (offset > 0 ? this.text.length : 0);
    if (!this.root.contains(node)) return null;
    let holder: Node | null = node;
    while (holder && !this.byElement.has(holder)) holder = holder.parentNode;
    if (!holder) {
      // A block of several pieces.
      const child = node.childNodes[offset];
      const piece = child ? this.byElement.get(child) : this.byElement.get(node.lastChild as Node);
      return piece ? (child ? piece.start : piece.end) : null;
    }
    const piece = this.byElement.get(holder) as ShownPiece;
    const before = document.createRange();
    before.selectNodeContents(holder);
    before.setEnd(node, offset);
    return piece.start + before.toString().length;
  }

  positionAt(x: number, y: number): number | null {
    const caret = caretAt(document, x, y);
    return caret && this.position(caret.node, caret.offset);
  }

  toWindow(box: DOMRect): DOMRect {
    return box;
  }

  /** Its style sheet does that. */
  spread(): void {}

  destroy(): void {
    this.observer?.disconnect();
  }
}
