/** Spans of one text on screen: keeps what is painted in step with the regions, touching only the pieces that change. */
import { effect } from '@preact/signals-core';
import { OffsetIndex } from '../core/offsets';
import type { Editor, Region, RegionChange } from '../core/types';
import type { MakeFormat, SpanFormat } from './format';
import type { ShownPiece, SpanLayer } from './layer';
import { makePainter, type PaintedSpan, type SpanPainter } from './painter';

export class SpanBoard {
  readonly layer: SpanLayer;
  readonly offsets: OffsetIndex;
  readonly format: SpanFormat;
  readonly spans = new Map<string, PaintedSpan>();
  private readonly painter: SpanPainter;
  private readonly stops: (() => void)[] = [];

  /** `onPaint` is called with pieces that were painted again, came on screen or left it, for what is laid over the text. */
  constructor(
    makeLayer: (onVisible: (pieces: readonly ShownPiece[]) => void) => SpanLayer,
    makeFormat: MakeFormat,
    private readonly object: string,
    private readonly editor: Editor,
    private readonly onPaint: (pieces: readonly ShownPiece[]) => void = () => {},
  ) {
    this.layer = makeLayer((pieces) => this.show(pieces));
    this.offsets = new OffsetIndex(this.layer.text);
    this.format = makeFormat(this.layer, this.offsets);
    this.painter = makePainter(this.layer, this.spans);
    this.readAll();
    this.stops.push(editor.regions.subscribe((change) => this.changed(change)));
    this.stops.push(
      effect(() => {
        this.painter.states({ selected: editor.selection.value, hovered: editor.hovered.value });
      }),
    );
    let before = editor.hidden.peek();
    this.stops.push(
      effect(() => {
        const now = editor.hidden.value;
        const ids = [...now, ...before].filter((id) => now.has(id) !== before.has(id));
        before = now;
        if (ids.length) this.changed({ ids: new Set(ids), all: false });
      }),
    );
  }

  private read(region: Region): PaintedSpan | null {
    const place = this.format.read(region.main.value ?? {});
    return (
      place && {
        id: region.id,
        ...place,
        color: this.editor.colorOf(region),
        hidden: this.editor.hidden.peek().has(region.id),
      }
    );
  }

  private put(span: PaintedSpan): ShownPiece[] {
    this.spans.set(span.id, span);
    const pieces = this.layer.touched(span.start, span.end);
    for (const piece of pieces) piece.spans.add(span.id);
    return pieces;
  }

  private take(id: string): ShownPiece[] {
    const span = this.spans.get(id);
    if (!span) return [];
    this.spans.delete(id);
    const pieces = this.layer.touched(span.start, span.end);
    for (const piece of pieces) piece.spans.delete(id);
    return pieces;
  }

  private readAll(): void {
    for (const region of this.editor.regions.list(this.object)) {
      const span = this.read(region);
      if (span) this.put(span);
    }
    this.show(this.layer.pieces.filter((piece) => piece.visible));
  }

  private changed({ ids, all }: RegionChange): void {
    const dirty = new Set<ShownPiece>();
    if (all) {
      for (const id of [...this.spans.keys()]) for (const piece of this.take(id)) dirty.add(piece);
    }
    for (const id of ids) {
      for (const piece of this.take(id)) dirty.add(piece);
      const region = this.editor.regions.get(id);
      const span = region?.object === this.object ? this.read(region) : null;
      if (span) for (const piece of this.put(span)) dirty.add(piece);
    }
    if (dirty.size === 0) return;
    this.show([...dirty].filter((piece) => piece.visible));
    if (!this.touchesStates(ids)) return;
    this.painter.states({ selected: this.editor.selection.peek(), hovered: this.editor.hovered.peek() });
  }

  private touchesStates(ids: ReadonlySet<string>): boolean {
    const hovered = this.editor.hovered.peek();
    for (const id of this.editor.selection.peek()) if (ids.has(id)) return true;
    return hovered !== null && ids.has(hovered);
  }

  private show(pieces: readonly ShownPiece[]): void {
    // The first report of the observer can come while this object is still being built.
    this.painter?.paint(pieces);
    this.onPaint(pieces);
  }

  /** Ids of the spans at a position, the shortest first. */
  at(position: number): string[] {
    const piece = this.layer.touched(position, position + 1)[0];
    if (!piece) return [];
    return [...piece.spans]
      .map((id) => this.spans.get(id) as PaintedSpan)
      .filter((span) => !span.hidden && span.start <= position && position < span.end)
      .sort((a, b) => a.end - a.start - (b.end - b.start))
      .map((span) => span.id);
  }

  /** The first line of a span, in the window. */
  firstBox(span: PaintedSpan): DOMRect | null {
    const rects = this.layer.range(span.start, Math.min(span.end, span.start + 200))?.getClientRects();
    for (const rect of rects ?? []) if (rect.width > 0) return this.layer.toWindow(rect);
    return null;
  }

  /** Where a span begins and ends on screen, in the window; null when it is off screen or hidden. */
  ends(id: string): { first: DOMRect; last: DOMRect } | null {
    const span = this.spans.get(id);
    if (!span || span.hidden || !this.layer.touched(span.start, span.end).some((piece) => piece.visible)) return null;
    const rects = this.layer.range(span.start, span.end)?.getClientRects();
    const boxes = [...(rects ?? [])].filter((rect) => rect.width > 0);
    const first = boxes[0];
    const last = boxes.at(-1);
    return first && last ? { first: this.layer.toWindow(first), last: this.layer.toWindow(last) } : null;
  }

  /** The box around a piece of the text, in the window. */
  box(start: number, end: number): DOMRect | null {
    const range = this.layer.range(start, end);
    return range && this.layer.toWindow(range.getBoundingClientRect());
  }

  destroy(): void {
    for (const stop of this.stops) stop();
    this.painter.destroy();
    this.layer.destroy();
  }
}
