/** The small tags at regions and the measure beside what is being drawn. */
import type { Point } from '../geometry/plane';

const FONT = '500 11px system-ui, sans-serif';
const HEIGHT = 16;
const PADDING = 5;
const LONGEST = 28;

const widths = new Map<string, number>();
const inks = new Map<string, string>();

/** Black or white, whichever reads better on `color` (any CSS colour). */
export function inkOn(context: CanvasRenderingContext2D, color: string): string {
  const known = inks.get(color);
  if (known) return known;
  const before = context.fillStyle;
  context.fillStyle = color;
  const parsed = String(context.fillStyle);
  context.fillStyle = before;
  const parts = parsed.startsWith('#')
    ? [1, 3, 5].map((at) => Number.parseInt(parsed.slice(at, at + 2), 16))
    : (parsed.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  const [red, green, blue] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  const ink = luminance > 0.179 ? '#000' : '#fff';
  inks.set(color, ink);
  return ink;
}

function width(context: CanvasRenderingContext2D, text: string): number {
  let known = widths.get(text);
  if (known === undefined) {
    known = context.measureText(text).width;
    if (widths.size > 2000) widths.clear();
    widths.set(text, known);
  }
  return known;
}

export function prepareCaptions(context: CanvasRenderingContext2D): void {
  context.font = FONT;
  context.textBaseline = 'middle';
}

const shortened = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/** How wide the tag is on screen. */
export function captionWidth(context: CanvasRenderingContext2D, text: string): number {
  return width(context, shortened(text)) + 2 * PADDING;
}

/** A tag with its lower left corner at `at`; inside the shape when there is no room above, never beyond the right edge of the view. */
export function paintCaption(context: CanvasRenderingContext2D, text: string, color: string, at: Point, viewWidth: number): void {
  const shown = shortened(text);
  const length = captionWidth(context, text);
  const y = at.y >= HEIGHT ? at.y - HEIGHT : Math.max(0, at.y);
  const x = Math.max(0, Math.min(at.x, viewWidth - length));
  context.fillStyle = color;
  context.fillRect(x, y, length, HEIGHT);
  context.fillStyle = inkOn(context, color);
  context.fillText(shown, x + PADDING, y + HEIGHT / 2 + 0.5);
}

/** A dark bubble, below and to the right of `at`. */
export function paintMeasure(context: CanvasRenderingContext2D, text: string, at: Point, view: { width: number; height: number }): void {
  prepareCaptions(context);
  const length = width(context, text) + 2 * PADDING;
  const x = Math.min(at.x + 8, view.width - length - 2);
  const y = Math.min(at.y + 8, view.height - HEIGHT - 6);
  context.fillStyle = 'rgb(20 20 28 / 0.85)';
  context.beginPath();
  context.roundRect(x, y, length, HEIGHT + 4, 4);
  context.fill();
  context.fillStyle = '#fff';
  context.fillText(text, x + PADDING, y + HEIGHT / 2 + 2.5);
}
