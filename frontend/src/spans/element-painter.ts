/** Paints spans of plain text by elements, for browsers without CSS custom highlights. */
import type { ShownPiece, SpanLayer } from './layer';
import type { PaintedSpan, SpanPainter, SpanStates } from './painter';

/** Cuts the text of each visible piece at span borders and wraps what is marked. */
export class ElementPainter implements SpanPainter {
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
