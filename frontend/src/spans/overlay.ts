/** What is laid over a text: the names of the spans on screen, handles of the selected one, the keyboard's caret. */
import { effect } from '@preact/signals-core';
import type { Editor } from '../core/types';
import { regionTitle } from '../ui/region-title';
import type { SpanBoard } from './span-board';

/** More names than this in view would be noise; the outliner has them. */
const MOST_NAMES = 400;

export class SpanOverlay {
  private readonly names: HTMLElement;
  private readonly handles: HTMLElement;
  private readonly caret: HTMLElement;
  private frame = 0;
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
        void editor.regions.revision.value;
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

  private draw(): void {
    const origin = this.host.getBoundingClientRect();
    const names: HTMLElement[] = [];
    const visible = new Set<string>();
    for (const piece of this.board.layer.pieces) if (piece.visible) for (const id of piece.spans) visible.add(id);
    const wanted = this.showNames && this.editor.settings.peek().showLabels && visible.size <= MOST_NAMES;
    // All measuring first, then all writing: one layout instead of one per name.
    const measured = wanted ? [...visible].map((id) => [id, this.board.ends(id)] as const) : [];
    for (const [id, ends] of measured) {
      const region = this.editor.regions.get(id);
      if (!ends || !region || region.labels.length === 0) continue;
      const name = document.createElement('span');
      name.className = 'span-name';
      name.textContent = regionTitle(this.editor, region);
      name.style.left = `${ends.first.left - origin.left}px`;
      name.style.top = `${ends.first.top - origin.top}px`;
      name.style.maxWidth = `${Math.max(24, ends.first.width)}px`;
      name.style.setProperty('--span-color', this.editor.colorOf(region));
      names.push(name);
    }
    this.names.replaceChildren(...names);
    this.drawHandles(origin);
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
    const box = range ? (range.getClientRects()[0] ?? null) : null;
    this.caret.hidden = box === null;
    if (!box) return;
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
