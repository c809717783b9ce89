/** What is laid over a text: the names of the spans on screen, handles of the selected one, the keyboard's caret. */
import { effect } from '@preact/signals-core';
import type { Editor } from '../core/types';
import { regionTitle } from '../ui/region-title';
import type { ShownPiece } from './layer';
import type { PaintedSpan } from './painter';
import type { SpanBoard } from './span-board';

/** More names than this in one piece would be noise; the outliner has them. */
const MOST_NAMES = 300;

interface Place {
  left: number;
  top: number;
  width: number;
  start: number;
  epoch: number;
}

interface Name extends Place {
  text: string;
  color: string;
}

function nameElement(name: Name): HTMLElement {
  const element = document.createElement('span');
  element.className = 'span-name';
  element.textContent = name.text;
  element.style.left = `${name.left}px`;
  element.style.top = `${name.top}px`;
  element.style.maxWidth = `${Math.max(24, name.width)}px`;
  element.style.setProperty('--span-color', name.color);
  return element;
}

export class SpanOverlay {
  private readonly names: HTMLElement;
  private readonly handles: HTMLElement;
  private readonly caret: HTMLElement;
  private frame = 0;
  private width = -1;
  private wanted = false;
  private epoch = 0;
  private readonly places = new Map<string, Place>();
  private readonly stale = new Set<ShownPiece>();
  private readonly holders = new Map<ShownPiece, HTMLElement>();
  private readonly resize: ResizeObserver;
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly board: SpanBoard,
    private readonly editor: Editor,
    private readonly showNames: boolean,
    private readonly onDrag: (id: string, edge: 'start' | 'end', x: number, y: number, done: boolean) => void,
  ) {
    this.names = this.layer('span-names');
    this.handles = this.layer('span-handles');
    this.caret = this.layer('span-caret');
    this.caret.hidden = true;
    this.resize = new ResizeObserver(() => this.later());
    this.resize.observe(host);
    this.stops.push(
      effect(() => {
        void editor.settings.value;
        void editor.selection.value;
        void editor.readonly.value;
        this.later();
      }),
    );
  }

  private layer(className: string): HTMLElement {
    const element = document.createElement('div');
    element.className = className;
    element.setAttribute('aria-hidden', 'true');
    this.host.append(element);
    return element;
  }

  /** Draws again in the next frame. */
  later(): void {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  /** These pieces were painted again: their names are out of date. */
  painted(pieces: readonly ShownPiece[]): void {
    for (const piece of pieces) this.stale.add(piece);
    this.later();
  }

  private draw(): void {
    const origin = this.host.getBoundingClientRect();
    const wanted = this.showNames && this.editor.settings.peek().showLabels;
    if (origin.width !== this.width || wanted !== this.wanted) {
      this.width = origin.width;
      this.wanted = wanted;
      this.epoch += 1;
      for (const piece of this.board.layer.pieces) this.stale.add(piece);
    }
    for (const piece of this.stale) if (!piece.visible || !wanted || piece.spans.size === 0) this.drop(piece);
    // All measuring first, then all writing: one layout instead of one per name.
    const shown = this.board.layer.pieces.filter((piece) => piece.visible && wanted && piece.spans.size > 0);
    const boxes = shown.map((piece) => [piece, this.board.layer.toWindow(piece.element.getBoundingClientRect())] as const);
    const made = boxes.filter(([piece]) => this.stale.has(piece)).map(([piece, box]) => [piece, this.measure(piece, box)] as const);
    for (const [piece, names] of made) this.holder(piece).replaceChildren(...names.map(nameElement));
    for (const [piece, box] of boxes) {
      const holder = this.holder(piece);
      holder.style.translate = `${box.left - origin.left}px ${box.top - origin.top}px`;
    }
    this.stale.clear();
    const hasNames = this.holders.size > 0;
    if (hasNames !== this.host.classList.contains('has-names')) {
      // Lines grow apart to make room: everything moved.
      this.host.classList.toggle('has-names', hasNames);
      this.board.layer.spread(hasNames);
      this.width = -1;
      this.later();
    }
    this.drawHandles(origin);
  }

  private holder(piece: ShownPiece): HTMLElement {
    let holder = this.holders.get(piece);
    if (!holder) {
      holder = document.createElement('div');
      holder.className = 'piece-names';
      this.holders.set(piece, holder);
      this.names.append(holder);
    }
    return holder;
  }

  private drop(piece: ShownPiece): void {
    this.holders.get(piece)?.remove();
    this.holders.delete(piece);
  }

  /** Where the names of a piece go, relative to it. A span that goes on over several pieces is named where it begins. */
  private measure(piece: ShownPiece, box: DOMRect): Name[] {
    const names: Name[] = [];
    for (const id of piece.spans) {
      const span = this.board.spans.get(id);
      const region = this.editor.regions.get(id);
      if (!span || span.hidden || span.start < piece.start || !region || region.labels.length === 0) continue;
      const place = this.place(id, span, box);
      if (place) names.push({ ...place, text: regionTitle(this.editor, region), color: span.color });
      if (names.length >= MOST_NAMES) break;
    }
    return names;
  }

  /** Measured once for each position and width of the text: asking the browser is what costs. */
  private place(id: string, span: PaintedSpan, box: DOMRect): Place | null {
    const known = this.places.get(id);
    if (known && known.start === span.start && known.epoch === this.epoch) return known;
    const first = this.board.firstBox(span);
    if (!first) return null;
    const place = { start: span.start, epoch: this.epoch, left: first.left - box.left, top: first.top - box.top, width: first.width };
    this.places.set(id, place);
    return place;
  }

  private drawHandles(origin: DOMRect): void {
    const selected = [...this.editor.selection.peek()];
    const id = selected.length === 1 ? (selected[0] as string) : null;
    const ends = id !== null && this.editor.canEdit(id) ? this.board.ends(id) : null;
    if (!ends || id === null) {
      this.handles.replaceChildren();
      return;
    }
    const [start, end] = this.handlePair();
    const place = (handle: HTMLElement, x: number, box: DOMRect) => {
      handle.style.left = `${x - origin.left}px`;
      handle.style.top = `${box.top - origin.top}px`;
      handle.style.height = `${box.height}px`;
      handle.dataset.region = id;
    };
    place(start, ends.first.left, ends.first);
    place(end, ends.last.right, ends.last);
    if (!start.isConnected) this.handles.replaceChildren(start, end);
  }

  private pair: [HTMLElement, HTMLElement] | null = null;

  /** The same two elements all the time: a handle must not vanish while it is dragged. */
  private handlePair(): [HTMLElement, HTMLElement] {
    this.pair ??= [this.makeHandle('start'), this.makeHandle('end')];
    return this.pair;
  }

  private makeHandle(edge: 'start' | 'end'): HTMLElement {
    const handle = document.createElement('span');
    handle.className = `span-handle is-${edge}`;
    const drag = (event: PointerEvent, done: boolean) => this.onDrag(handle.dataset.region ?? '', edge, event.clientX, event.clientY, done);
    handle.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      event.stopPropagation();
      handle.setPointerCapture(event.pointerId);
      this.host.classList.add('is-dragging');
    });
    handle.addEventListener('pointermove', (event) => {
      if (handle.hasPointerCapture(event.pointerId)) drag(event, false);
    });
    const stop = (event: PointerEvent) => {
      if (!this.host.classList.contains('is-dragging')) return;
      this.host.classList.remove('is-dragging');
      drag(event, true);
    };
    handle.addEventListener('pointerup', stop);
    handle.addEventListener('pointercancel', stop);
    return handle;
  }

  /** Shows the keyboard's caret at a collapsed range, or hides it. */
  showCaret(range: Range | null): void {
    const shown = range?.getClientRects()[0];
    this.caret.hidden = shown === undefined;
    if (!shown) return;
    const box = this.board.layer.toWindow(shown);
    const origin = this.host.getBoundingClientRect();
    this.caret.style.left = `${box.left - origin.left}px`;
    this.caret.style.top = `${box.top - origin.top}px`;
    this.caret.style.height = `${box.height}px`;
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.resize.disconnect();
    for (const stop of this.stops) stop();
    this.names.remove();
    this.handles.remove();
    this.caret.remove();
  }
}
