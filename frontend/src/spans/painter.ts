/** Paints spans of the pieces on screen: by CSS custom highlights, or by DOM spans where the browser has none. */
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

/** Cuts the text of each visible piece at span borders and wraps what is marked. */
class ElementPainter implements SpanPainter {
  private current: SpanStates = { selected: new Set(), hovered: null };

  constructor(
    private readonly layer: SpanLayer,
    private readonly spans: ReadonlyMap<string, PaintedSpan>,
  ) {}

  paint(pieces: readonly ShownPiece[]): void {
    for (const piece of pieces) {
      const text = this.layer.text;
      const spans = piece.visible ? ([...piece.spans].map((id) => this.spans.get(id)).filter((span) => span && !span.hidden) as PaintedSpan[]) : [];
      const cuts = new Set([piece.start, piece.end]);
      for (const span of spans) for (const at of [span.start, span.end]) if (at > piece.start && at < piece.end) cuts.add(at);
      const borders = [...cuts].sort((a, b) => a - b);
      const parts: Node[] = [];
      for (let i = 0; i + 1 < borders.length; i += 1) {
        const [from, to] = [borders[i] as number, borders[i + 1] as number];
        const covering = spans.filter((span) => span.start <= from && span.end >= to);
        const node = document.createTextNode(text.slice(from, to));
        if (covering.length === 0) {
          parts.push(node);
          continue;
        }
        const mark = document.createElement('span');
        mark.className = 'text-span';
        mark.style.setProperty('--span-color', (covering.at(-1) as PaintedSpan).color);
        mark.classList.toggle(
          'is-selected',
          covering.some((span) => this.current.selected.has(span.id)),
        );
        mark.classList.toggle(
          'is-hovered',
          covering.some((span) => span.id === this.current.hovered),
        );
        mark.append(node);
        parts.push(mark);
      }
      piece.element.replaceChildren(...parts);
    }
  }

  states(states: SpanStates): void {
    const before = this.current;
    this.current = states;
    const ids = new Set([...before.selected, ...states.selected, before.hovered ?? '', states.hovered ?? '']);
    this.paint(this.layer.pieces.filter((piece) => piece.visible && [...piece.spans].some((id) => ids.has(id))));
  }

  destroy(): void {}
}

/** Without highlights only plain text is painted; names and outliner still say what is marked in others. */
export function makePainter(layer: SpanLayer, spans: ReadonlyMap<string, PaintedSpan>): SpanPainter {
  const canHighlight = typeof CSS !== 'undefined' && 'highlights' in CSS && typeof Highlight !== 'undefined';
  if (canHighlight) return new HighlightPainter(layer, spans);
  return layer.isPlain ? new ElementPainter(layer, spans) : { paint() {}, states() {}, destroy() {} };
}
