/** Which part of an image is seen, how large, and turned how: all as pure functions from one viewport to the next. */
import { clamp, type Point, type Size, turn } from './plane';

export interface Viewport {
  /** The area on screen, in CSS pixels. */
  readonly view: Size;
  readonly image: Size;
  /** CSS pixels per image pixel. */
  readonly scale: number;
  /** Quarter turns of the image, clockwise, in degrees. */
  readonly rotation: number;
  /** Where the middle of the image is on screen. */
  readonly centerX: number;
  readonly centerY: number;
}

/** x' = a x + c y + e, y' = b x + d y + f, as in canvas and CSS. */
export interface Matrix {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export type Align = 'start' | 'center' | 'end';
export interface Alignment {
  readonly across: Align;
  readonly down: Align;
}

const CENTERED: Alignment = { across: 'center', down: 'center' };
/** Free space kept around a fitted image, and beyond its edges when panning, so that handles at the border can be reached. */
export const MARGIN = 12;
const OVERPAN = 48;
/** An image pixel is never larger than this many CSS pixels (unless the whole image fits at more). */
const LARGEST_PIXEL = 40;

/** Size of the image on screen at scale 1, after turning. */
export function turnedSize({ image, rotation }: Pick<Viewport, 'image' | 'rotation'>): Size {
  return rotation % 180 === 0 ? image : { width: image.height, height: image.width };
}

/** From image pixels to CSS pixels on screen. */
export function toScreenMatrix(viewport: Viewport): Matrix {
  const { cos, sin } = turn(viewport.rotation);
  const { scale, image, centerX, centerY } = viewport;
  const [a, b, c, d] = [cos * scale, sin * scale, -sin * scale, cos * scale];
  return { a, b, c, d, e: centerX - (a * image.width + c * image.height) / 2, f: centerY - (b * image.width + d * image.height) / 2 };
}

export function inverse({ a, b, c, d, e, f }: Matrix): Matrix {
  const determinant = a * d - b * c;
  return {
    a: d / determinant,
    b: -b / determinant,
    c: -c / determinant,
    d: a / determinant,
    e: (c * f - d * e) / determinant,
    f: (b * e - a * f) / determinant,
  };
}

/** The matrix that does `second` after `first`. */
export function product(second: Matrix, first: Matrix): Matrix {
  return {
    a: second.a * first.a + second.c * first.b,
    b: second.b * first.a + second.d * first.b,
    c: second.a * first.c + second.c * first.d,
    d: second.b * first.c + second.d * first.d,
    e: second.a * first.e + second.c * first.f + second.e,
    f: second.b * first.e + second.d * first.f + second.f,
  };
}

export function apply(matrix: Matrix, { x, y }: Point): Point {
  return { x: matrix.a * x + matrix.c * y + matrix.e, y: matrix.b * x + matrix.d * y + matrix.f };
}

export const toScreen = (viewport: Viewport, at: Point): Point => apply(toScreenMatrix(viewport), at);
export const toImage = (viewport: Viewport, at: Point): Point => apply(inverse(toScreenMatrix(viewport)), at);

/** The scale at which the whole image is seen. */
export function fitScale(viewport: Pick<Viewport, 'view' | 'image' | 'rotation'>): number {
  const { width, height } = turnedSize(viewport);
  const room = (length: number) => Math.max(1, length - 2 * MARGIN);
  return Math.min(room(viewport.view.width) / width, room(viewport.view.height) / height);
}

/** Smallest and largest scale; below the fitted one only when `negativeZoom` is allowed. */
export function scaleLimits(viewport: Viewport, negativeZoom: boolean): { low: number; high: number } {
  const fitted = fitScale(viewport);
  const low = Math.min(fitted, 1);
  return { low: negativeZoom ? low / 10 : low, high: Math.max(LARGEST_PIXEL, fitted) };
}

function settleAxis(center: number, length: number, room: number, align: Align): number {
  if (length + 2 * MARGIN <= room + 0.5) {
    if (align === 'center') return room / 2;
    return align === 'start' ? MARGIN + length / 2 : room - MARGIN - length / 2;
  }
  return clamp(center, room - OVERPAN - length / 2, OVERPAN + length / 2);
}

/** Keeps the image in sight: aligned in a direction in which it fits, otherwise without large gaps at its edges. */
export function settled(viewport: Viewport, alignment: Alignment = CENTERED): Viewport {
  const { width, height } = turnedSize(viewport);
  return {
    ...viewport,
    centerX: settleAxis(viewport.centerX, width * viewport.scale, viewport.view.width, alignment.across),
    centerY: settleAxis(viewport.centerY, height * viewport.scale, viewport.view.height, alignment.down),
  };
}

/** At this scale with the image in the middle. */
export function shownAt(viewport: Viewport, scale: number, alignment?: Alignment): Viewport {
  return settled({ ...viewport, scale, centerX: viewport.view.width / 2, centerY: viewport.view.height / 2 }, alignment);
}

/** The whole image, as large as it can be seen. */
export function fitted(viewport: Viewport, alignment?: Alignment): Viewport {
  return shownAt(viewport, fitScale(viewport), alignment);
}

/** The first look: `fit` fills the view, `auto` does so only for larger images, `original` shows pixel by pixel. */
export function firstLook(view: Size, image: Size, rotation: number, zoom: string, alignment?: Alignment): Viewport {
  const bare: Viewport = { view, image, rotation, scale: 1, centerX: 0, centerY: 0 };
  const fit = fitScale(bare);
  return shownAt(bare, zoom === 'original' ? 1 : zoom === 'auto' ? Math.min(1, fit) : fit, alignment);
}

export function panned(viewport: Viewport, dx: number, dy: number, alignment?: Alignment): Viewport {
  return settled({ ...viewport, centerX: viewport.centerX + dx, centerY: viewport.centerY + dy }, alignment);
}

/** Zooms so that the image point under `at` (on screen) stays there, as far as the limits allow. */
export function zoomed(viewport: Viewport, scale: number, at: Point, limits: { low: number; high: number }, alignment?: Alignment): Viewport {
  const next = clamp(scale, limits.low, limits.high);
  const factor = next / viewport.scale;
  return settled(
    { ...viewport, scale: next, centerX: at.x + (viewport.centerX - at.x) * factor, centerY: at.y + (viewport.centerY - at.y) * factor },
    alignment,
  );
}

/** The view after its area changed size: a fitted image stays fitted, otherwise the middle stays in the middle. */
export function reshaped(viewport: Viewport, view: Size, alignment?: Alignment): Viewport {
  const wasFitted = Math.abs(viewport.scale - fitScale(viewport)) < 1e-9 * viewport.scale;
  const next = { ...viewport, view };
  if (wasFitted) return fitted(next, alignment);
  const centerX = viewport.centerX + (view.width - viewport.view.width) / 2;
  const centerY = viewport.centerY + (view.height - viewport.view.height) / 2;
  return settled({ ...next, centerX, centerY }, alignment);
}

/** The image turned by quarter turns (in degrees) and fitted again. */
export function turned(viewport: Viewport, by: number, alignment?: Alignment): Viewport {
  return fitted({ ...viewport, rotation: (((viewport.rotation + by) % 360) + 360) % 360 }, alignment);
}

/** Whether there is something to pan to. */
export function canPan(viewport: Viewport): boolean {
  const { width, height } = turnedSize(viewport);
  return width * viewport.scale + 2 * MARGIN > viewport.view.width + 0.5 || height * viewport.scale + 2 * MARGIN > viewport.view.height + 0.5;
}
