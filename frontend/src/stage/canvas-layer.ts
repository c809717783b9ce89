/** One canvas over the stage, as sharp as the screen. */
import type { Size } from '../geometry/plane';
import { inverse, type Matrix, product } from '../geometry/viewport';

export class CanvasLayer {
  readonly canvas = document.createElement('canvas');
  private readonly context = this.canvas.getContext('2d');
  private ratio = 1;
  private drawn: Matrix | null = null;

  constructor(host: HTMLElement) {
    this.canvas.className = 'stage-layer';
    this.canvas.setAttribute('aria-hidden', 'true');
    host.append(this.canvas);
  }

  /** Size in CSS pixels; clears the canvas. */
  resize({ width, height }: Size, ratio: number): void {
    this.ratio = ratio;
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
    this.canvas.style.width = `${this.canvas.width / ratio}px`;
    this.canvas.style.height = `${this.canvas.height / ratio}px`;
  }

  /** Clears it and draws anew, in CSS pixels, for the view that `matrix` describes. */
  draw(matrix: Matrix, paint: (context: CanvasRenderingContext2D) => void): void {
    const context = this.begin(matrix);
    if (context) paint(context);
  }

  /** Clears it; answers where to draw, in CSS pixels, for the view that `matrix` describes. */
  begin(matrix: Matrix): CanvasRenderingContext2D | null {
    const { context } = this;
    if (!context) return null;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.drawn = matrix;
    this.canvas.style.transform = '';
    return context;
  }

  /** Shows what was drawn moved and scaled to another view, without drawing. */
  follow(matrix: Matrix): void {
    if (!this.drawn) return;
    const { a, b, c, d, e, f } = product(matrix, inverse(this.drawn));
    this.canvas.style.transform = `matrix(${a}, ${b}, ${c}, ${d}, ${e}, ${f})`;
  }
}
