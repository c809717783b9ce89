/**
 * Ranges on a timeline, drawn on a canvas over whatever shows the object: drawn by dragging, selected, moved, resized. Rows of them are lanes.
 * What a range means (seconds of a sound, frames of a video) is the source's business.
 */
import { effect, signal, untracked } from '@preact/signals-core';
import { t } from '../core/text';
import type { Editor } from '../core/types';
import type { TimeAxis } from './axis';

export interface TrackItem {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly lane: number;
  readonly color: string;
  readonly caption: string;
  /** Times marked on it: key frames. */
  readonly marks?: readonly number[];
  /** The parts of it that are shown full; all of it when absent. */
  readonly parts?: readonly (readonly [number, number])[];
  /** Its ends cannot be dragged. */
  readonly fixed?: boolean;
}

export interface TrackSource {
  /** In the order in which they are painted. Reads signals. */
  items(): readonly TrackItem[];
  lanes(): number;
  /** Whether ranges may be drawn in this lane now. */
  canDraw(lane: number): boolean;
  /** Stores a new range; answers its id, or null when it has to wait for a label. */
  draw(start: number, end: number, lane: number): string | null;
  /** Whether a double click marks a moment. */
  readonly moments?: boolean;
  reshape(id: string, start: number, end: number, merge: string): void;
  /** A click on nothing: the moment goes there. */
  seek(time: number): void;
  /** The lane of a range that is drawn by keys. */
  keyLane(): number;
  snap(time: number): number;
  /** The shortest range. */
  readonly least: number;
}

type Grip = 'start' | 'end' | 'whole';

type Drag =
  | { kind: 'draw'; from: number; lane: number }
  | { kind: 'change'; item: TrackItem; grip: Grip; from: number }
  | { kind: 'scroll'; from: number }
  | { kind: 'pinch' };

const CLICK = 4;
const EDGE = { mouse: 6, pen: 10, touch: 18 };
const CAPTION = '12px system-ui, sans-serif';

let drags = 0;

export class RangeTrack {
  private readonly canvas = document.createElement('canvas');
  private readonly context = this.canvas.getContext('2d');
  private readonly height = signal(0);
  /** What is being drawn or waits for a label. */
  private readonly pending = signal<{ start: number; end: number; lane: number; waits: boolean } | null>(null);
  /** The start of a range that is drawn by keys. */
  private readonly mark = signal<number | null>(null);
  private drag: Drag | null = null;
  private press: PointerEvent | null = null;
  private moved = false;
  private readonly fingers = new Map<number, number>();
  private spread = 0;
  private items: readonly TrackItem[] = [];
  private frame = 0;
  private readonly stops: (() => void)[] = [];

  constructor(
    readonly element: HTMLElement,
    private readonly axis: TimeAxis,
    private readonly editor: Editor,
    private readonly source: TrackSource,
  ) {
    this.canvas.className = 'track-canvas';
    element.append(this.canvas);
    const ends = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void) =>
      element.addEventListener(type, listener, { signal: ends.signal, passive: false });
    on('pointerdown', (event) => this.down(event));
    on('pointermove', (event) => this.move(event));
    on('pointerup', (event) => this.up(event));
    on('pointercancel', (event) => this.cancel(event.pointerId));
    on('pointerleave', () => {
      if (!this.drag && this.editor.hovered.peek() !== null) this.editor.hovered.value = null;
    });
    on('dblclick', (event) => this.doubleClick(event));
    on('wheel', (event) => this.wheel(event));
    const observer = new ResizeObserver(() => this.measure());
    observer.observe(element);
    this.measure();
    this.stops.push(
      () => ends.abort(),
      () => observer.disconnect(),
      effect(() => this.watch()),
      effect(() => {
        if (this.editor.activeLabels.value.size > 0) untracked(() => this.finishWaiting());
      }),
    );
  }

  private measure(): void {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth === 0) return;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    this.axis.width.value = clientWidth;
    this.height.value = clientHeight;
    this.request();
  }

  private watch(): void {
    this.items = this.source.items();
    void this.axis.window.value;
    void this.axis.width.value;
    void this.height.value;
    void this.pending.value;
    void this.mark.value;
    void this.editor.selection.value;
    void this.editor.hovered.value;
    void this.editor.hidden.value;
    this.request();
  }

  private request(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
  }

  private lane(y: number): number {
    const lanes = Math.max(1, this.source.lanes());
    return Math.min(lanes - 1, Math.max(0, Math.floor((y / this.height.peek()) * lanes)));
  }

  private laneBox(lane: number): [top: number, height: number] {
    const height = this.height.peek() / Math.max(1, this.source.lanes());
    return [lane * height, height];
  }

  private paint(): void {
    const { context, axis, editor } = this;
    if (!context) return;
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, axis.width.peek(), this.height.peek());
    const { start, end } = axis.window.peek();
    const selection = editor.selection.peek();
    const hovered = editor.hovered.peek();
    const ink = getComputedStyle(this.element).color;
    for (const item of this.items) {
      if (item.end < start || item.start > end || editor.hidden.peek().has(item.id)) continue;
      this.paintItem(context, item, selection.has(item.id), hovered === item.id, ink);
    }
    const mark = this.mark.peek();
    if (mark !== null) {
      context.fillStyle = ink;
      context.fillRect(axis.toPixel(mark) - 1, 0, 2, this.height.peek());
    }
    const drawn = this.pending.peek();
    if (!drawn) return;
    const [top, height] = this.laneBox(drawn.lane);
    const from = axis.toPixel(drawn.start);
    context.globalAlpha = 0.2;
    context.fillStyle = ink;
    context.fillRect(from, top, axis.toPixel(drawn.end) - from, height);
    context.globalAlpha = 1;
    context.strokeStyle = ink;
    context.setLineDash(drawn.waits ? [4, 3] : []);
    context.strokeRect(from + 0.5, top + 0.5, axis.toPixel(drawn.end) - from - 1, height - 1);
    context.setLineDash([]);
  }

  private paintItem(context: CanvasRenderingContext2D, item: TrackItem, isSelected: boolean, isHovered: boolean, ink: string): void {
    const { axis } = this;
    const [top, height] = this.laneBox(item.lane);
    const gap = this.source.lanes() > 1 ? 2 : 0;
    const y = top + gap;
    const tall = height - 2 * gap;
    const from = axis.toPixel(item.start);
    const to = axis.toPixel(item.end);
    context.fillStyle = item.color;
    const fill = isSelected ? 0.45 : isHovered ? 0.35 : 0.25;
    const parts = item.parts ?? [[item.start, item.end] as const];
    if (item.parts) {
      context.globalAlpha = 0.1;
      context.fillRect(from, y, Math.max(2, to - from), tall);
    }
    context.globalAlpha = fill;
    for (const [begin, stop] of parts) context.fillRect(axis.toPixel(begin), y, Math.max(2, axis.toPixel(stop) - axis.toPixel(begin)), tall);
    context.globalAlpha = 1;
    const line = isSelected ? 3 : item.start === item.end ? 2 : 1;
    context.fillRect(from, y, line, tall);
    if (to > from) context.fillRect(to - line, y, line, tall);
    if (isSelected) {
      context.strokeStyle = item.color;
      context.lineWidth = 1;
      context.strokeRect(from + 0.5, y + 0.5, Math.max(1, to - from - 1), tall - 1);
    }
    for (const mark of item.marks ?? []) {
      const x = axis.toPixel(mark);
      const middle = y + tall / 2;
      context.beginPath();
      context.moveTo(x, middle - 5);
      context.lineTo(x + 5, middle);
      context.lineTo(x, middle + 5);
      context.lineTo(x - 5, middle);
      context.closePath();
      context.fill();
      context.strokeStyle = ink;
      context.stroke();
    }
    const room = item.start === item.end ? 80 : Math.min(to, axis.width.peek()) - Math.max(from, 0) - 8;
    if (item.caption === '' || room < 24) return;
    context.save();
    context.beginPath();
    context.rect(Math.max(from, 0) + 4, y, room, tall);
    context.clip();
    context.font = CAPTION;
    context.fillStyle = ink;
    context.textBaseline = 'top';
    context.fillText(item.caption, Math.max(from, 0) + 6, y + (tall < 20 ? (tall - 12) / 2 : 4));
    context.restore();
  }

  /** Where a range is in the window; null while it is not shown. */
  boxOf(id: string): DOMRect | null {
    const item = this.items.find((candidate) => candidate.id === id);
    const { start, end } = this.axis.window.peek();
    if (!item || item.end < start || item.start > end || this.editor.isHidden(id)) return null;
    const frame = this.element.getBoundingClientRect();
    const [top, height] = this.laneBox(item.lane);
    const from = Math.max(0, this.axis.toPixel(item.start));
    const to = Math.min(frame.width, this.axis.toPixel(item.end));
    return new DOMRect(frame.left + from, frame.top + top, Math.max(1, to - from), height);
  }

  reveal(id: string): void {
    const item = this.items.find((candidate) => candidate.id === id);
    if (item) this.axis.reveal(item.start, item.end);
  }

  private at(event: MouseEvent): { x: number; y: number; time: number } {
    const frame = this.element.getBoundingClientRect();
    const x = event.clientX - frame.left;
    return { x, y: event.clientY - frame.top, time: this.axis.limit(this.source.snap(this.axis.toTime(x))) };
  }

  /** Ranges under a point, uppermost first: what is selected counts as on top. */
  private hits(x: number, y: number, reach: number): TrackItem[] {
    const lane = this.lane(y);
    const { axis, editor } = this;
    const found = this.items.filter(
      (item) => item.lane === lane && !editor.isHidden(item.id) && x >= axis.toPixel(item.start) - reach && x <= axis.toPixel(item.end) + reach,
    );
    const selection = editor.selection.peek();
    return found.reverse().sort((a, b) => Number(selection.has(b.id)) - Number(selection.has(a.id)));
  }

  private gripOf(item: TrackItem, x: number, reach: number): Grip {
    if (item.fixed) return 'whole';
    const from = Math.abs(x - this.axis.toPixel(item.start));
    const to = Math.abs(x - this.axis.toPixel(item.end));
    if (item.start === item.end) return 'whole';
    // A short range can still be taken by its middle.
    const near = Math.min(reach, (this.axis.toPixel(item.end) - this.axis.toPixel(item.start)) / 3 + 2);
    if (Math.min(from, to) > near) return 'whole';
    return to <= from ? 'end' : 'start';
  }

  private down(event: PointerEvent): void {
    this.element.focus({ preventScroll: true });
    if (event.pointerType === 'touch') this.fingers.set(event.pointerId, event.clientX);
    if (this.fingers.size === 2) {
      this.pending.value = null;
      this.drag = { kind: 'pinch' };
      const [a = 0, b = 0] = [...this.fingers.values()];
      this.spread = Math.abs(a - b);
      return;
    }
    if (event.button !== 0 && event.button !== 1) return;
    this.element.setPointerCapture(event.pointerId);
    const { x, y, time } = this.at(event);
    const kind = event.pointerType as keyof typeof EDGE;
    const reach = EDGE[kind] ?? EDGE.mouse;
    const lane = this.lane(y);
    const [top] = this.hits(x, y, reach);
    this.press = event;
    this.moved = false;
    const grip = top && this.gripOf(top, x, reach);
    const isSelected = top && this.editor.selection.peek().has(top.id);
    // With a label chosen a drag inside another range draws a new one: ranges overlap. A selected one is moved.
    if (event.button === 1 || event.shiftKey) this.drag = { kind: 'scroll', from: event.clientX };
    else if (top && grip && this.editor.canEdit(top.id) && (isSelected || grip !== 'whole' || this.editor.activeLabels.peek().size === 0))
      this.drag = { kind: 'change', item: top, grip, from: time };
    else if (this.source.canDraw(lane)) this.drag = { kind: 'draw', from: time, lane };
    else this.drag = { kind: 'scroll', from: event.clientX };
  }

  private move(event: PointerEvent): void {
    if (this.fingers.has(event.pointerId)) this.fingers.set(event.pointerId, event.clientX);
    const { drag, press } = this;
    if (!drag) {
      this.hover(event);
      return;
    }
    if (drag.kind === 'pinch') {
      this.pinch();
      return;
    }
    if (!press || (!this.moved && Math.abs(event.clientX - press.clientX) < CLICK)) return;
    if (!this.moved) drags += 1;
    this.moved = true;
    const { time } = this.at(event);
    if (drag.kind === 'scroll') {
      this.axis.scrollBy((drag.from - event.clientX) * this.axis.perPixel);
      drag.from = event.clientX;
    } else if (drag.kind === 'draw') {
      this.pending.value = { start: Math.min(drag.from, time), end: Math.max(drag.from, time), lane: drag.lane, waits: false };
    } else this.change(drag, time);
  }

  private change({ item, grip, from }: Drag & { kind: 'change' }, time: number): void {
    const { least } = this.source;
    let { start, end } = item;
    if (grip === 'start') start = Math.min(time, end - least);
    else if (grip === 'end') end = Math.max(time, start + least);
    else {
      const { start: first, end: last } = this.axis.extent.peek();
      const by = Math.min(Math.max(time - from, first - start), last - end);
      start += by;
      end += by;
    }
    if (!this.editor.selection.peek().has(item.id)) this.editor.select([item.id]);
    this.source.reshape(item.id, start, end, `range ${item.id} ${drags}`);
  }

  private pinch(): void {
    const frame = this.element.getBoundingClientRect();
    const [a = 0, b = 0] = [...this.fingers.values()];
    const spread = Math.abs(a - b);
    if (this.spread > 0 && spread > 0) this.axis.zoom(spread / this.spread, this.axis.toTime((a + b) / 2 - frame.left));
    this.spread = spread;
  }

  private up(event: PointerEvent): void {
    const { drag, press, moved } = this;
    this.cancel(event.pointerId);
    if (!drag || drag.kind === 'pinch' || !press) return;
    if (!moved) {
      this.click(event);
      return;
    }
    if (drag.kind !== 'draw') return;
    const { time } = this.at(event);
    const start = Math.min(drag.from, time);
    this.store(start, Math.max(drag.from, time, start + this.source.least), drag.lane);
  }

  private store(start: number, end: number, lane: number): void {
    const id = this.source.draw(start, end, lane);
    this.pending.value = id === null ? { start, end, lane, waits: true } : null;
  }

  private finishWaiting(): void {
    const waiting = this.pending.peek();
    if (!waiting?.waits) return;
    this.pending.value = null;
    const id = this.source.draw(waiting.start, waiting.end, waiting.lane);
    if (id !== null) this.editor.select([id]);
  }

  private cancel(pointer: number): void {
    this.fingers.delete(pointer);
    if (this.drag?.kind === 'pinch' && this.fingers.size > 0) return;
    this.drag = null;
    this.press = null;
    if (!this.pending.peek()?.waits) this.pending.value = null;
  }

  /** Drops a range that waits for a label or for its end. Answers whether there was one. */
  drop(): boolean {
    const had = this.pending.peek() !== null || this.mark.peek() !== null;
    this.pending.value = null;
    this.mark.value = null;
    return had;
  }

  private click(event: PointerEvent): void {
    const { x, y, time } = this.at(event);
    if (this.drop()) return;
    const hits = this.hits(x, y, 3);
    if (hits.length > 0) {
      const selection = this.editor.selection.peek();
      // Another click at the same place goes to the next range below.
      const current = hits.findIndex((item) => selection.has(item.id));
      const many = event.ctrlKey || event.metaKey;
      this.editor.select([(hits[(current + 1) % hits.length] as TrackItem).id], many ? 'toggle' : 'replace');
      if (!many) this.source.seek(time);
      return;
    }
    this.editor.select([]);
    this.source.seek(time);
  }

  private doubleClick(event: MouseEvent): void {
    const { y, time } = this.at(event);
    const lane = this.lane(y);
    if (this.source.moments && this.source.canDraw(lane)) this.store(time, time, lane);
  }

  private hover(event: PointerEvent): void {
    if (event.pointerType === 'touch') return;
    const { x, y } = this.at(event);
    const [top] = this.hits(x, y, EDGE.mouse);
    const found = top?.id ?? null;
    if (this.editor.hovered.peek() !== found) this.editor.hovered.value = found;
    const grip = top && this.editor.canEdit(top.id) ? this.gripOf(top, x, EDGE.mouse) : null;
    const isSelected = top !== undefined && this.editor.selection.peek().has(top.id);
    this.element.style.cursor =
      grip === 'start' || grip === 'end' ? 'ew-resize' : isSelected ? 'grab' : this.source.canDraw(this.lane(y)) ? 'crosshair' : top ? 'pointer' : 'default';
  }

  private wheel(event: WheelEvent): void {
    const { time } = this.at(event);
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.axis.zoom(Math.exp(-event.deltaY / 300), time);
      return;
    }
    const by = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (by === 0 || Math.abs(by) < Math.abs(event.shiftKey ? 0 : event.deltaY)) return;
    event.preventDefault();
    this.axis.scrollBy(by * this.axis.perPixel);
  }

  /** The one range that is selected here and may be changed. */
  private get chosen(): TrackItem | null {
    const selection = this.editor.selection.peek();
    const [id] = selection;
    return (selection.size === 1 && this.editor.canEdit(id as string) && this.items.find((item) => item.id === id && !item.fixed)) || null;
  }

  get canNudge(): boolean {
    return this.chosen !== null;
  }

  /** The start of the selected range, or of one that is drawn by keys. */
  markStart(time: number): void {
    const item = this.chosen;
    const at = this.axis.limit(this.source.snap(time));
    if (item) this.source.reshape(item.id, Math.min(at, item.end - this.source.least), item.end, `range ${item.id} start`);
    else if (this.source.canDraw(this.source.keyLane())) this.mark.value = at;
    else this.editor.say(t('Choose a label first.'), 'problem');
  }

  /** The end of the selected range; with a start marked before, of a new one. */
  markEnd(time: number): void {
    const item = this.chosen;
    const at = this.axis.limit(this.source.snap(time));
    const from = this.mark.peek();
    if (item) this.source.reshape(item.id, item.start, Math.max(at, item.start + this.source.least), `range ${item.id} end`);
    else if (from === null) this.editor.say(t('Mark the start first.'), 'problem');
    else {
      this.mark.value = null;
      const start = Math.min(from, at);
      this.store(start, Math.max(from, at, start + this.source.least), this.source.keyLane());
    }
  }

  /** Moves the selected range; held keys are one step of undo. */
  nudge(by: number): void {
    const item = this.chosen;
    if (item) this.change({ kind: 'change', item, grip: 'whole', from: item.start }, item.start + by);
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    for (const stop of this.stops) stop();
    this.canvas.remove();
  }
}
