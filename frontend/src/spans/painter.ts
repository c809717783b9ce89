/** Paints spans of the pieces on screen: by CSS custom highlights, or by elements where the browser has none. */
import type { ShownPiece, SpanLayer } from './layer';

export interface PaintedSpan {
  readonly id: string;
  start: number;
  end: number;
  color: string;
  hidden: boolean;
}

export interface SpanStates {
  selected: ReadonlySet<string>;
  hovered: string | null;
}

export interface SpanPainter {
  paint(pieces: readonly ShownPiece[]): void;
  states(states: SpanStates): void;
  destroy(): void;
}

/** The window a text is shown in: the page's or that of a frame. */
export type TextWindow = Window & typeof globalThis;

export const windowOf = (layer: SpanLayer) => (layer.root.ownerDocument.defaultView ?? window) as TextWindow;

let painters = 0;

/** Highlight names are global to a document: each painter has its own prefix and its own style sheet. */
class HighlightPainter implements SpanPainter {
  private readonly prefix: string;
  private readonly view: TextWindow;
  private readonly sheet: CSSStyleSheet;
  private readonly highlights = new Map<string, Highlight>();
  private readonly ranges = new Map<ShownPiece, { highlight: Highlight; range: Range }[]>();
  private readonly selected: Highlight;
  private readonly hovered: Highlight;

  constructor(
    private readonly layer: SpanLayer,
    private readonly spans: ReadonlyMap<string, PaintedSpan>,
  ) {
    painters += 1;
    this.view = windowOf(layer);
    this.sheet = new this.view.CSSStyleSheet();
    this.selected = new this.view.Highlight();
    this.hovered = new this.view.Highlight();
    this.prefix = `spans-${painters}`;
    this.selected.priority = 1000;
    this.hovered.priority = 999;
    this.view.CSS.highlights.set(`${this.prefix}-selected`, this.selected);
    this.view.CSS.highlights.set(`${this.prefix}-hovered`, this.hovered);
    this.sheet.replaceSync(
      `::highlight(${this.prefix}-selected){background-color:var(--span-selected);text-decoration:underline 3px var(--span-selected-line)}
       ::highlight(${this.prefix}-hovered){background-color:var(--span-hovered)}`,
    );
    const page = this.view.document;
    page.adoptedStyleSheets = [...page.adoptedStyleSheets, this.sheet];
  }

  private highlight(color: string, variant: number): Highlight {
    const key = `${color} ${variant}`;
    let highlight = this.highlights.get(key);
    if (!highlight) {
      highlight = new this.view.Highlight();
      highlight.priority = variant;
      const name = `${this.prefix}-${this.highlights.size}`;
      this.highlights.set(key, highlight);
      this.view.CSS.highlights.set(name, highlight);
      const safe = CSS.supports('color', color) ? color : '#7b7b8b';
      this.sheet.insertRule(
        `::highlight(${name}){background-color:color-mix(in srgb, ${safe} var(--span-fill), transparent);text-decoration:underline ${variant ? 4 : 2}px ${safe}}`,
      );
    }
    return highlight;
  }

  paint(pieces: readonly ShownPiece[]): void {
    for (const piece of pieces) {
      for (const { highlight, range } of this.ranges.get(piece) ?? []) highlight.delete(range);
      this.ranges.delete(piece);
      if (!piece.visible || piece.spans.size === 0) continue;
      const made: { highlight: Highlight; range: Range }[] = [];
      const ends = new Map<string, number>();
      const spans = [...piece.spans].map((id) => this.spans.get(id)).filter((span) => span !== undefined && !span.hidden) as PaintedSpan[];
      spans.sort((a, b) => a.start - b.start);
      for (const span of spans) {
        const range = this.layer.range(Math.max(span.start, piece.start), Math.min(span.end, piece.end));
        if (!range) continue;
        // Two spans of one colour that overlap must still show as two.
        const overlaps = (ends.get(span.color) ?? 0) > span.start ? 1 : 0;
        ends.set(span.color, Math.max(ends.get(span.color) ?? 0, span.end));
        const highlight = this.highlight(span.color, overlaps);
        highlight.add(range);
        made.push({ highlight, range });
      }
      this.ranges.set(piece, made);
    }
  }

  states({ selected, hovered }: SpanStates): void {
    this.fill(this.selected, [...selected]);
    this.fill(this.hovered, hovered === null ? [] : [hovered]);
  }

  private fill(highlight: Highlight, ids: readonly string[]): void {
    highlight.clear();
    for (const id of ids.slice(0, 200)) {
      const span = this.spans.get(id);
      const range = span && !span.hidden ? this.layer.range(span.start, span.end) : null;
      if (range) highlight.add(range);
    }
  }

  destroy(): void {
    const { highlights } = this.view.CSS;
    for (const name of [...highlights.keys()]) if (name.startsWith(`${this.prefix}-`)) highlights.delete(name);
    const page = this.view.document;
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet);
  }
}

/** Without highlights only plain text is painted, by code that few browsers fetch; names and outliner say what is marked in other texts. */
class FallbackPainter implements SpanPainter {
  private inner: SpanPainter | null = null;
  private current: SpanStates = { selected: new Set(), hovered: null };

  constructor(layer: SpanLayer, spans: ReadonlyMap<string, PaintedSpan>) {
    if (!layer.isPlain) return;
    void import('./element-painter').then(({ ElementPainter }) => {
      this.inner = new ElementPainter(layer, spans);
      this.inner.states(this.current);
      this.inner.paint(layer.pieces.filter((piece) => piece.visible));
    });
  }

  paint(pieces: readonly ShownPiece[]): void {
    this.inner?.paint(pieces);
  }

  states(states: SpanStates): void {
    this.current = states;
    this.inner?.states(states);
  }

  destroy(): void {}
}

export function makePainter(layer: SpanLayer, spans: ReadonlyMap<string, PaintedSpan>): SpanPainter {
  const canHighlight = typeof CSS !== 'undefined' && 'highlights' in CSS && typeof Highlight !== 'undefined';
  return canHighlight ? new HighlightPainter(layer, spans) : new FallbackPainter(layer, spans);
}
