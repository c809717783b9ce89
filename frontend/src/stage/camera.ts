/** The stage's view of its image: one signal of a viewport, and what people do to it. */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { Box, Point, Size } from '../geometry/plane';
import type { Alignment, Matrix, Viewport } from '../geometry/viewport';
import * as view from '../geometry/viewport';

export interface CameraOptions {
  alignment: Alignment;
  /** `fit`, `auto` or `original`. */
  firstZoom: string;
  negativeZoom: boolean;
}

export class Camera {
  private readonly current = signal<Viewport | null>(null);
  private area: Size = { width: 0, height: 0 };
  private image: Size = { width: 0, height: 0 };

  constructor(private readonly options: CameraOptions) {}

  /** Null until both the image and the area on screen have a size. */
  get viewport(): ReadonlySignal<Viewport | null> {
    return this.current;
  }

  /** The stage on screen has this size now. */
  setArea(area: Size): void {
    this.area = area;
    const { value } = this.current;
    if (value && area.width > 0 && area.height > 0) this.current.value = view.reshaped(value, area, this.options.alignment);
    else this.start(0);
  }

  /** Another image is shown; `rotation` in quarter turns (degrees). */
  setImage(image: Size, rotation = 0): void {
    this.image = image;
    this.current.value = null;
    this.start(rotation);
  }

  private start(rotation: number): void {
    const { area, image, options } = this;
    if (area.width > 0 && area.height > 0 && image.width > 0 && image.height > 0) {
      this.current.value = view.firstLook(area, image, rotation, options.firstZoom, options.alignment);
    }
  }

  private change(make: (viewport: Viewport) => Viewport): void {
    const { value } = this.current;
    if (value) this.current.value = make(value);
  }

  fit(): void {
    this.change((viewport) => view.fitted(viewport, this.options.alignment));
  }

  /** One image pixel per CSS pixel. */
  original(): void {
    this.change((viewport) => this.scaled(viewport, 1, this.middle(viewport)));
  }

  zoomBy(factor: number, at?: Point): void {
    this.change((viewport) => this.scaled(viewport, viewport.scale * factor, at ?? this.middle(viewport)));
  }

  private scaled(viewport: Viewport, scale: number, at: Point): Viewport {
    return view.zoomed(viewport, scale, at, view.scaleLimits(viewport, this.options.negativeZoom), this.options.alignment);
  }

  private middle({ view: { width, height } }: Viewport): Point {
    return { x: width / 2, y: height / 2 };
  }

  panBy(dx: number, dy: number): void {
    this.change((viewport) => view.panned(viewport, dx, dy, this.options.alignment));
  }

  turnBy(degrees: number): void {
    this.change((viewport) => view.turned(viewport, degrees, this.options.alignment));
  }

  /** Brings a part of the image on screen, zooming out only when it would not fit. */
  reveal(box: Box): void {
    this.change((viewport) => {
      const corners = this.screenBox(box);
      if (!corners) return viewport;
      const { width, height } = viewport.view;
      if (corners.minX >= 0 && corners.minY >= 0 && corners.maxX <= width && corners.maxY <= height) return viewport;
      const room = Math.min(width / (corners.maxX - corners.minX + 1), height / (corners.maxY - corners.minY + 1)) * 0.8;
      const target = { x: (corners.minX + corners.maxX) / 2, y: (corners.minY + corners.maxY) / 2 };
      const centred = view.panned(viewport, width / 2 - target.x, height / 2 - target.y, this.options.alignment);
      return room < 1 ? this.scaled(centred, centred.scale * room, this.middle(centred)) : centred;
    });
  }

  /** From image pixels to CSS pixels; identity while there is nothing to show. */
  matrix(): Matrix {
    const viewport = this.current.peek();
    return viewport ? view.toScreenMatrix(viewport) : { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
  }

  toImage(at: Point): Point {
    return view.apply(view.inverse(this.matrix()), at);
  }

  toScreen(at: Point): Point {
    return view.apply(this.matrix(), at);
  }

  get scale(): number {
    return this.current.peek()?.scale ?? 1;
  }

  /** A box of the image on screen. */
  screenBox(box: Box): Box | null {
    return this.current.peek() && turnedBox(this.matrix(), box);
  }

  /** The part of the image that is on screen, not cut at the image's edges. */
  visible(): Box {
    const viewport = this.current.peek();
    if (!viewport) return { minX: 0, minY: 0, maxX: 0, maxY: 0 };
    return turnedBox(view.inverse(this.matrix()), { minX: 0, minY: 0, maxX: viewport.view.width, maxY: viewport.view.height });
  }

  get canPan(): boolean {
    const viewport = this.current.peek();
    return viewport !== null && view.canPan(viewport);
  }
}

/** The box after quarter turns, scaling and shifting. */
export function turnedBox(matrix: Matrix, { minX, minY, maxX, maxY }: Box): Box {
  const a = view.apply(matrix, { x: minX, y: minY });
  const b = view.apply(matrix, { x: maxX, y: maxY });
  return { minX: Math.min(a.x, b.x), minY: Math.min(a.y, b.y), maxX: Math.max(a.x, b.x), maxY: Math.max(a.y, b.y) };
}
