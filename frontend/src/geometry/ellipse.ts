/**
 * Ellipses as Label Studio's results mean them: a middle, two radii, and a clockwise rotation about the middle. Here each is told by the
 * rectangle around it, turned as it is, so that it is drawn, resized and turned as rectangles are.
 */
import { type Box, normalAngle, type Point, type Size, turn } from './plane';
import { center, fromLocal, type Rectangle, toLocal } from './rectangle';

export type EllipseValue = { x: number; y: number; radiusX: number; radiusY: number; rotation: number };

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** A result's value in pixels; null when it does not hold an ellipse. */
export function fromPercent(value: Readonly<Record<string, unknown>>, size: Size): Rectangle | null {
  const { x, y, radiusX, radiusY } = value;
  if (!isNumber(x) || !isNumber(y) || !isNumber(radiusX) || !isNumber(radiusY)) return null;
  const rotation = isNumber(value.rotation) ? normalAngle(value.rotation) : 0;
  const [across, down] = [(radiusX * size.width) / 100, (radiusY * size.height) / 100];
  const middle = { x: (x * size.width) / 100, y: (y * size.height) / 100, width: 0, height: 0, rotation };
  return { ...fromLocal(middle, -across, -down), width: 2 * across, height: 2 * down, rotation };
}

export function toPercent(around: Rectangle, size: Size): EllipseValue {
  const { x, y } = center(around);
  return {
    x: (x * 100) / size.width,
    y: (y * 100) / size.height,
    radiusX: (around.width * 50) / size.width,
    radiusY: (around.height * 50) / size.height,
    rotation: around.rotation,
  };
}

/** The smallest upright box around it. */
export function hull(around: Rectangle): Box {
  const { cos, sin } = turn(around.rotation);
  const { x, y } = center(around);
  const across = Math.hypot((around.width / 2) * cos, (around.height / 2) * sin);
  const down = Math.hypot((around.width / 2) * sin, (around.height / 2) * cos);
  return { minX: x - across, minY: y - down, maxX: x + across, maxY: y + down };
}

/** How far a point is from the outline, near enough for hit tests: exact for circles, and on the outline. */
export function borderDistance(around: Rectangle, at: Point): number {
  const [across, down] = [around.width / 2, around.height / 2];
  const local = toLocal(around, at);
  const [x, y] = [local.x - across, local.y - down];
  if (across <= 0 || down <= 0) return Math.hypot(x, y);
  const share = Math.hypot(x / across, y / down);
  const slope = Math.hypot(x / across ** 2, y / down ** 2);
  return slope === 0 ? Math.min(across, down) : Math.abs((share * (share - 1)) / slope);
}

/** Whether a point is inside or at most `tolerance` away from the outline. */
export function contains(around: Rectangle, at: Point, tolerance = 0): boolean {
  const local = toLocal(around, at);
  const [x, y] = [(local.x / around.width) * 2 - 1, (local.y / around.height) * 2 - 1];
  return x * x + y * y <= 1 || borderDistance(around, at) <= tolerance;
}
