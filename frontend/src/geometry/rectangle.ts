/**
 * Rectangles as Label Studio's results mean them: a top left corner, a size, and a clockwise rotation in degrees about that corner.
 * Results hold percent of the image (0 to 100); everything here is in image pixels.
 */
import { type Box, boxOf, boxOfSize, clampPoint, direction, distance, limitMove, normalAngle, type Point, type Size, turn, union, within } from './plane';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rotation: number;
}

export type RectangleValue = { x: number; y: number; width: number; height: number; rotation: number };

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** A result's value in pixels; null when it does not hold a rectangle. */
export function fromPercent(value: Readonly<Record<string, unknown>>, size: Size): Rectangle | null {
  const { x, y, width, height, rotation } = value;
  if (!isNumber(x) || !isNumber(y) || !isNumber(width) || !isNumber(height)) return null;
  return {
    x: (x * size.width) / 100,
    y: (y * size.height) / 100,
    width: (width * size.width) / 100,
    height: (height * size.height) / 100,
    rotation: isNumber(rotation) ? normalAngle(rotation) : 0,
  };
}

export function toPercent(rectangle: Rectangle, size: Size): RectangleValue {
  return {
    x: (rectangle.x * 100) / size.width,
    y: (rectangle.y * 100) / size.height,
    width: (rectangle.width * 100) / size.width,
    height: (rectangle.height * 100) / size.height,
    rotation: rectangle.rotation,
  };
}

/** From the rectangle's own axes, with its top left corner as origin, to the image. */
export function fromLocal(rectangle: Rectangle, x: number, y: number): Point {
  const { cos, sin } = turn(rectangle.rotation);
  return { x: rectangle.x + x * cos - y * sin, y: rectangle.y + x * sin + y * cos };
}

/** The inverse of `fromLocal`. */
export function toLocal(rectangle: Rectangle, at: Point): Point {
  const { cos, sin } = turn(rectangle.rotation);
  const dx = at.x - rectangle.x;
  const dy = at.y - rectangle.y;
  return { x: dx * cos + dy * sin, y: dy * cos - dx * sin };
}

/** Its corners: top left, top right, bottom right, bottom left, as seen before rotation. */
export function corners(rectangle: Rectangle): [Point, Point, Point, Point] {
  const { width, height } = rectangle;
  return [fromLocal(rectangle, 0, 0), fromLocal(rectangle, width, 0), fromLocal(rectangle, width, height), fromLocal(rectangle, 0, height)];
}

export function center(rectangle: Rectangle): Point {
  return fromLocal(rectangle, rectangle.width / 2, rectangle.height / 2);
}

/** The smallest upright box around it. */
export function hull(rectangle: Rectangle): Box {
  if (rectangle.rotation === 0) {
    return { minX: rectangle.x, minY: rectangle.y, maxX: rectangle.x + rectangle.width, maxY: rectangle.y + rectangle.height };
  }
  return boxOf(corners(rectangle));
}

/** Whether a point is inside or at most `tolerance` away from the border. */
export function contains(rectangle: Rectangle, at: Point, tolerance = 0): boolean {
  const { x, y } = toLocal(rectangle, at);
  return x >= -tolerance && y >= -tolerance && x <= rectangle.width + tolerance && y <= rectangle.height + tolerance;
}

/** How far a point is from the nearest edge, inside or outside. */
export function borderDistance(rectangle: Rectangle, at: Point): number {
  const { x, y } = toLocal(rectangle, at);
  const outX = Math.max(-x, 0, x - rectangle.width);
  const outY = Math.max(-y, 0, y - rectangle.height);
  if (outX > 0 || outY > 0) return Math.hypot(outX, outY);
  return Math.min(x, y, rectangle.width - x, rectangle.height - y);
}

/** The upright rectangle between two opposite corners, inside the image; a square when asked. */
export function fromCorners(start: Point, end: Point, size: Size, square = false): Rectangle {
  const image = boxOfSize(size);
  const a = clampPoint(start, image);
  let b = clampPoint(end, image);
  if (square) {
    const signX = end.x < start.x ? -1 : 1;
    const signY = end.y < start.y ? -1 : 1;
    const roomX = signX < 0 ? a.x : size.width - a.x;
    const roomY = signY < 0 ? a.y : size.height - a.y;
    const side = Math.min(Math.max(Math.abs(b.x - a.x), Math.abs(b.y - a.y)), roomX, roomY);
    b = { x: a.x + signX * side, y: a.y + signY * side };
  }
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(b.x - a.x), height: Math.abs(b.y - a.y), rotation: 0 };
}

/**
 * The rectangle whose one edge runs from `a` to `b` and whose opposite edge goes through `c`, on whichever side `c` lies.
 * The edge gives the rotation; the result is not clamped.
 */
export function fromThreePoints(a: Point, b: Point, c: Point): Rectangle {
  const edge: Rectangle = { x: a.x, y: a.y, width: distance(a, b), height: 0, rotation: normalAngle(direction(a, b)) };
  const depth = toLocal(edge, c).y;
  const start = depth < 0 ? fromLocal(edge, 0, depth) : a;
  return { ...edge, x: start.x, y: start.y, height: Math.abs(depth) };
}

/** Moves it as far as the image allows. */
export function moved(rectangle: Rectangle, dx: number, dy: number, size: Size): Rectangle {
  const step = limitMove(hull(rectangle), dx, dy, size);
  return { ...rectangle, x: rectangle.x + step.x, y: rectangle.y + step.y };
}

/** Moves it into the image if it fits, and leaves it where it is otherwise. */
export function broughtInside(rectangle: Rectangle, size: Size): Rectangle {
  const { minX, minY, maxX, maxY } = hull(rectangle);
  if (maxX - minX > size.width || maxY - minY > size.height) return rectangle;
  const dx = minX < 0 ? -minX : Math.min(0, size.width - maxX);
  const dy = minY < 0 ? -minY : Math.min(0, size.height - maxY);
  return dx === 0 && dy === 0 ? rectangle : { ...rectangle, x: rectangle.x + dx, y: rectangle.y + dy };
}

/** Turns it about its middle to `rotation`; what was inside the image stays inside if it fits. */
export function rotatedTo(rectangle: Rectangle, rotation: number, size: Size): Rectangle {
  const middle = center(rectangle);
  const angle = normalAngle(rotation);
  const corner = fromLocal({ ...rectangle, x: middle.x, y: middle.y, rotation: angle }, -rectangle.width / 2, -rectangle.height / 2);
  const result = { ...rectangle, x: corner.x, y: corner.y, rotation: angle };
  return within(hull(rectangle), boxOfSize(size)) ? broughtInside(result, size) : result;
}

/** Grows or shrinks it at its far edges (in its own axes), at least to `minimum`, at most to the image's border. */
export function stretched(rectangle: Rectangle, dWidth: number, dHeight: number, size: Size, minimum = 1): Rectangle {
  const limit = union(boxOfSize(size), hull(rectangle));
  const wider = (by: number) => ({ ...rectangle, width: Math.max(Math.min(minimum, rectangle.width), rectangle.width + by) });
  const wide = furthest(dWidth, wider, limit);
  return furthest(dHeight, (by) => ({ ...wide, height: Math.max(Math.min(minimum, wide.height), wide.height + by) }), limit);
}

/** The result of `make` with the largest part of `amount` that stays within `limit`; `make(0)` does. */
export function furthest(amount: number, make: (amount: number) => Rectangle, limit: Box): Rectangle {
  const whole = make(amount);
  if (within(hull(whole), limit)) return whole;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (within(hull(make(amount * middle)), limit, 0)) low = middle;
    else high = middle;
  }
  return make(amount * low);
}
