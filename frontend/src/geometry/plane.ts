/** Points, sizes, boxes and turns in a plane whose y axis points down, so that positive angles go clockwise. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An axis-aligned box by its edges. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

const RADIANS = Math.PI / 180;

/** Cosine and sine of an angle in degrees; exact at quarter turns. */
export function turn(degrees: number): { cos: number; sin: number } {
  switch (normalAngle(degrees)) {
    case 0:
      return { cos: 1, sin: 0 };
    case 90:
      return { cos: 0, sin: 1 };
    case 180:
      return { cos: -1, sin: 0 };
    case 270:
      return { cos: 0, sin: -1 };
    default:
      return { cos: Math.cos(degrees * RADIANS), sin: Math.sin(degrees * RADIANS) };
  }
}

/** The same angle in [0, 360). */
export function normalAngle(degrees: number): number {
  const angle = ((degrees % 360) + 360) % 360;
  return angle === 360 ? 0 : angle;
}

/** Direction from `from` to `to` in degrees, clockwise from the x axis, in (-180, 180]. */
export function direction(from: Point, to: Point): number {
  return Math.atan2(to.y - from.y, to.x - from.x) / RADIANS;
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export function boxOf(points: readonly Point[]): Box {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return { minX, minY, maxX, maxY };
}

export function union(a: Box, b: Box): Box {
  return {
    minX: Math.min(a.minX, b.minX),
    minY: Math.min(a.minY, b.minY),
    maxX: Math.max(a.maxX, b.maxX),
    maxY: Math.max(a.maxY, b.maxY),
  };
}

export function boxOfSize({ width, height }: Size): Box {
  return { minX: 0, minY: 0, maxX: width, maxY: height };
}

/** Whether `inner` lies in `outer`, allowing for rounding in the last digits. */
export function within(inner: Box, outer: Box, slack = 1e-6): boolean {
  return inner.minX >= outer.minX - slack && inner.minY >= outer.minY - slack && inner.maxX <= outer.maxX + slack && inner.maxY <= outer.maxY + slack;
}

export function intersects(a: Box, b: Box): boolean {
  return a.minX <= b.maxX && a.maxX >= b.minX && a.minY <= b.maxY && a.maxY >= b.minY;
}

export function clampPoint({ x, y }: Point, box: Box): Point {
  return { x: clamp(x, box.minX, box.maxX), y: clamp(y, box.minY, box.maxY) };
}

/**
 * How far something with this hull may move by (dx, dy) and stay in the image.
 * What already sticks out may come back in or stay, but goes no further out.
 */
export function limitMove(hull: Box, dx: number, dy: number, size: Size): Point {
  return {
    x: clamp(dx, Math.min(0, -hull.minX), Math.max(0, size.width - hull.maxX)),
    y: clamp(dy, Math.min(0, -hull.minY), Math.max(0, size.height - hull.maxY)),
  };
}
