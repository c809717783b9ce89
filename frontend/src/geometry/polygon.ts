/** Paths with corners, closed or open. Results hold percent of the image; everything here is in image pixels. */
import { type Box, boxOf, clampPoint, distance, type Point, type Size } from './plane';

export interface PathPoint extends Point {
  /** As the result has it, while the point is where it was: so that what is not touched is written back digit by digit. */
  readonly stored?: readonly [number, number];
}

export interface Polygon {
  readonly points: readonly PathPoint[];
  readonly closed: boolean;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** A result's value in pixels; null when it does not hold a polygon. `closed` is what absence means: Label Studio closes. */
export function fromPercent(value: Readonly<Record<string, unknown>>, size: Size): Polygon | null {
  const { points } = value;
  if (!Array.isArray(points) || points.length === 0) return null;
  const read: PathPoint[] = [];
  for (const pair of points) {
    if (!Array.isArray(pair) || !isNumber(pair[0]) || !isNumber(pair[1])) return null;
    read.push({ x: (pair[0] * size.width) / 100, y: (pair[1] * size.height) / 100, stored: [pair[0], pair[1]] });
  }
  return { points: read, closed: value.closed !== false };
}

export function toPercent({ points, closed }: Polygon, size: Size): { points: (readonly [number, number])[]; closed: boolean } {
  return { points: points.map(({ x, y, stored }) => stored ?? [(x * 100) / size.width, (y * 100) / size.height]), closed };
}

/** Its edges as pairs of places in `points`. */
function edgeCount({ points, closed }: Polygon): number {
  return closed && points.length > 2 ? points.length : points.length - 1;
}

export const edgeEnds = ({ points }: Polygon, edge: number): readonly [PathPoint, PathPoint] => [
  points[edge] as PathPoint,
  points[(edge + 1) % points.length] as PathPoint,
];

export function edges(polygon: Polygon): readonly (readonly [PathPoint, PathPoint])[] {
  return Array.from({ length: Math.max(0, edgeCount(polygon)) }, (_, edge) => edgeEnds(polygon, edge));
}

/** The point of a segment that is nearest to `at`. */
export function nearestOn(a: Point, b: Point, at: Point): Point {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((at.x - a.x) * dx + (at.y - a.y) * dy) / length));
  return { x: a.x + share * dx, y: a.y + share * dy };
}

/** The edge that `at` is nearest to, and how far it is; -1 for a single point. */
export function nearestEdge(polygon: Polygon, at: Point): { edge: number; distance: number } {
  const { points } = polygon;
  if (points.length === 1) return { edge: -1, distance: distance(points[0] as Point, at) };
  let best = { edge: -1, distance: Number.POSITIVE_INFINITY };
  for (let edge = 0; edge < edgeCount(polygon); edge += 1) {
    const [a, b] = edgeEnds(polygon, edge);
    const away = distance(nearestOn(a, b, at), at);
    if (away < best.distance) best = { edge, distance: away };
  }
  return best;
}

/** Twice the signed area is the sum of the cross products of its edges. */
export function area({ points, closed }: Polygon): number {
  if (!closed) return 0;
  let twice = 0;
  for (let at = 0; at < points.length; at += 1) {
    const [a, b] = [points[at] as Point, points[(at + 1) % points.length] as Point];
    twice += a.x * b.y - b.x * a.y;
  }
  return Math.abs(twice) / 2;
}

/** Whether a point is inside (by the even-odd rule) or at most `tolerance` off an edge. */
export function contains(polygon: Polygon, at: Point, tolerance = 0): boolean {
  const { points, closed } = polygon;
  if (closed) {
    let inside = false;
    for (let i = 0, j = points.length - 1; i < points.length; j = i, i += 1) {
      const [a, b] = [points[i] as Point, points[j] as Point];
      if (a.y > at.y !== b.y > at.y && at.x < ((b.x - a.x) * (at.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    }
    if (inside) return true;
  }
  return nearestEdge(polygon, at).distance <= tolerance;
}

const replaced = (points: readonly PathPoint[], place: number, taken: number, ...put: PathPoint[]) => [
  ...points.slice(0, place),
  ...put,
  ...points.slice(place + taken),
];

export function withPoint(polygon: Polygon, place: number, { x, y }: Point): Polygon {
  return { ...polygon, points: replaced(polygon.points, place, 1, { x, y }) };
}

/** With a new corner on the edge that begins at corner `edge`. */
export function inserted(polygon: Polygon, edge: number, { x, y }: Point): Polygon {
  return { ...polygon, points: replaced(polygon.points, edge + 1, 0, { x, y }) };
}

export function removed(polygon: Polygon, place: number): Polygon {
  return { ...polygon, points: replaced(polygon.points, place, 1) };
}

export function mapped(polygon: Polygon, change: (point: Point) => Point): Polygon {
  return {
    ...polygon,
    points: polygon.points.map((point) => {
      const { x, y } = change(point);
      return x === point.x && y === point.y ? point : { x, y };
    }),
  };
}

/** Grown or shrunk from its top left corner, not beyond `limit` and not below one pixel. */
export function resizedTo(polygon: Polygon, width: number, height: number, limit: Box): Polygon {
  const { minX, minY, maxX, maxY } = boxOf(polygon.points);
  const across = maxX > minX ? Math.max(1, width) / (maxX - minX) : 1;
  const down = maxY > minY ? Math.max(1, height) / (maxY - minY) : 1;
  return mapped(polygon, ({ x, y }) => clampPoint({ x: minX + (x - minX) * across, y: minY + (y - minY) * down }, limit));
}
