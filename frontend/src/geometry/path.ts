/**
 * Paths of vertices, as Label Studio's Vector has them: each vertex names the one before it, so that paths may branch; a curved one has a
 * control point on each side (the first towards the vertex before). Results hold percent of the image; everything here is in image pixels.
 */
import { type Box, boxOf, clampPoint, distance, type Point, type Size } from './plane';
import { nearestOn } from './polygon';

export interface Vertex extends Point {
  readonly id: string;
  /** The vertex that this one goes on from; null where a path begins. */
  readonly before: string | null;
  /** Towards the vertex before and away from it; null for a corner. */
  readonly controls: readonly [Point, Point] | null;
  /** As the result has it, while the vertex is as it was. */
  readonly stored?: Readonly<Record<string, unknown>>;
}

export interface Path {
  readonly vertices: readonly Vertex[];
  readonly closed: boolean;
}

/** A piece between two vertices: places in `vertices`. */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

const STEPS = 16;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function pointIn(value: unknown, size: Size): Point | null {
  if (!isObject(value) || !isNumber(value.x) || !isNumber(value.y)) return null;
  return { x: (value.x * size.width) / 100, y: (value.y * size.height) / 100 };
}

/** A result's value in pixels; null when it does not hold a path. */
export function fromPercent(value: Readonly<Record<string, unknown>>, size: Size): Path | null {
  const { vertices } = value;
  if (!Array.isArray(vertices) || vertices.length === 0) return null;
  const read: Vertex[] = [];
  for (const [place, stored] of vertices.entries()) {
    const at = pointIn(stored, size);
    if (!at) return null;
    const { id, prevPointId, isBezier, controlPoint1, controlPoint2 } = stored as Record<string, unknown>;
    const controls = isBezier === true ? [pointIn(controlPoint1, size), pointIn(controlPoint2, size)] : [null, null];
    read.push({
      ...at,
      id: typeof id === 'string' ? id : `#${place}`,
      before: typeof prevPointId === 'string' ? prevPointId : null,
      controls: controls[0] || controls[1] ? [controls[0] ?? at, controls[1] ?? at] : null,
      stored: stored as Record<string, unknown>,
    });
  }
  return { vertices: read, closed: value.closed === true };
}

export function toPercent({ vertices, closed }: Path, size: Size): { vertices: Record<string, unknown>[]; closed: boolean } {
  const percent = ({ x, y }: Point) => ({ x: (x * 100) / size.width, y: (y * 100) / size.height });
  const written = vertices.map(({ id, before, controls, stored, x, y }) => {
    if (stored) return { ...stored };
    return {
      ...percent({ x, y }),
      id,
      ...(before !== null && { prevPointId: before }),
      isBezier: controls !== null,
      ...(controls && { controlPoint1: percent(controls[0]), controlPoint2: percent(controls[1]) }),
    };
  });
  return { vertices: written, closed };
}

export function segments({ vertices, closed }: Path): Segment[] {
  const places = new Map(vertices.map(({ id }, place) => [id, place]));
  const found: Segment[] = [];
  for (const [to, { before }] of vertices.entries()) {
    const from = before === null ? undefined : places.get(before);
    if (from !== undefined && from !== to) found.push({ from, to });
  }
  if (closed && vertices.length > 2) found.push({ from: vertices.length - 1, to: 0 });
  return found;
}

/** The four points of a segment's curve. */
export function curve({ vertices }: Path, { from, to }: Segment): readonly [Point, Point, Point, Point] {
  const [a, b] = [vertices[from] as Vertex, vertices[to] as Vertex];
  return [a, a.controls?.[1] ?? a, b.controls?.[0] ?? b, b];
}

export function isCurved({ vertices }: Path, { from, to }: Segment): boolean {
  return Boolean(vertices[from]?.controls || vertices[to]?.controls);
}

export function along([a, b, c, d]: readonly [Point, Point, Point, Point], share: number): Point {
  const rest = 1 - share;
  const [first, second, third, fourth] = [rest ** 3, 3 * rest * rest * share, 3 * rest * share * share, share ** 3];
  return { x: first * a.x + second * b.x + third * c.x + fourth * d.x, y: first * a.y + second * b.y + third * c.y + fourth * d.y };
}

/** A segment as straight pieces. */
function flat(path: Path, segment: Segment): Point[] {
  const points = curve(path, segment);
  if (!isCurved(path, segment)) return [points[0], points[3]];
  return Array.from({ length: STEPS + 1 }, (_, step) => along(points, step / STEPS));
}

/** Around all that is drawn, control points not among it. */
export function hull(path: Path): Box {
  return boxOf([...path.vertices, ...segments(path).flatMap((segment) => (isCurved(path, segment) ? flat(path, segment) : []))]);
}

/** The outline of a closed path as one polygon; empty for an open one. */
export function outline(path: Path): Point[] {
  return path.closed ? segments(path).flatMap((segment) => flat(path, segment).slice(1)) : [];
}

/** The segment that `at` is nearest to (its place among `segments`), where on it, and how far away. */
export function nearest(path: Path, at: Point): { segment: number; on: Point; distance: number } {
  let best = { segment: -1, on: path.vertices[0] as Point, distance: distance(path.vertices[0] as Point, at) };
  for (const [segment, ends] of segments(path).entries()) {
    const points = flat(path, ends);
    for (let step = 1; step < points.length; step += 1) {
      const on = nearestOn(points[step - 1] as Point, points[step] as Point, at);
      const away = distance(on, at);
      if (away < best.distance) best = { segment, on, distance: away };
    }
  }
  return best;
}

const changed = (vertex: Vertex, change: Partial<Vertex>): Vertex => {
  const { stored: _old, ...rest } = vertex;
  return { ...rest, ...change };
};

function replaced(path: Path, place: number, vertex: Vertex): Path {
  return { ...path, vertices: path.vertices.map((old, at) => (at === place ? vertex : old)) };
}

/** With a vertex elsewhere; its control points go with it. */
export function withVertex(path: Path, place: number, { x, y }: Point): Path {
  const vertex = path.vertices[place] as Vertex;
  const [dx, dy] = [x - vertex.x, y - vertex.y];
  if (dx === 0 && dy === 0) return path;
  const controls = vertex.controls && ([moved(vertex.controls[0], dx, dy), moved(vertex.controls[1], dx, dy)] as const);
  return replaced(path, place, changed(vertex, { x, y, controls }));
}

const moved = ({ x, y }: Point, dx: number, dy: number): Point => ({ x: x + dx, y: y + dy });

/** With one control point elsewhere; the other one opposite unless it is to stay. */
export function withControl(path: Path, place: number, side: 0 | 1, { x, y }: Point, alone: boolean): Path {
  const vertex = path.vertices[place] as Vertex;
  const other = alone && vertex.controls ? (vertex.controls[1 - side] as Point) : { x: 2 * vertex.x - x, y: 2 * vertex.y - y };
  return replaced(path, place, changed(vertex, { controls: side === 0 ? [{ x, y }, other] : [other, { x, y }] }));
}

/** A corner becomes a curve along its neighbours, a curve a corner. */
export function toggledCurve(path: Path, place: number): Path {
  const vertex = path.vertices[place] as Vertex;
  if (vertex.controls) return replaced(path, place, changed(vertex, { controls: null }));
  const around = segments(path);
  const into = around.find(({ to }) => to === place);
  const out = around.find(({ from }) => from === place);
  const [a, b] = [path.vertices[into?.from ?? place] as Point, path.vertices[out?.to ?? place] as Point];
  const [dx, dy] = [(b.x - a.x) / 4, (b.y - a.y) / 4];
  return replaced(path, place, changed(vertex, { controls: [moved(vertex, -dx, -dy), moved(vertex, dx, dy)] }));
}

/** With a new corner on a segment (its place among `segments`); answers the place of the new vertex too. */
export function inserted(path: Path, segment: number, { x, y }: Point, id: string): { path: Path; place: number } {
  const { from, to } = segments(path)[segment] as Segment;
  const before = (path.vertices[from] as Vertex).id;
  const fresh: Vertex = { x, y, id, before, controls: null };
  // The edge that closes a path ends at its first vertex, which goes on from nothing: the new one comes last.
  const closing = path.closed && to === 0 && from === path.vertices.length - 1;
  const place = closing ? path.vertices.length : to;
  const vertices = path.vertices.map((vertex, at) => (!closing && at === to ? changed(vertex, { before: id }) : vertex));
  return { path: { ...path, vertices: [...vertices.slice(0, place), fresh, ...vertices.slice(place)] }, place };
}

/** Without a vertex: what went on from it goes on from the one before it. */
export function removed(path: Path, place: number): Path {
  const gone = path.vertices[place] as Vertex;
  const left = path.vertices.filter((_, at) => at !== place);
  let before = gone.before;
  const vertices = left.map((vertex) => {
    if (vertex.before !== gone.id) return vertex;
    const next = changed(vertex, { before });
    // Where the first vertex of all goes, its first follower begins the path and the others go on from that.
    before ??= vertex.id;
    return next;
  });
  return { closed: path.closed && vertices.length > 2, vertices };
}

export function mapped(path: Path, change: (point: Point) => Point): Path {
  return {
    ...path,
    vertices: path.vertices.map((vertex) => {
      const { x, y } = change(vertex);
      if (x === vertex.x && y === vertex.y) return vertex;
      return changed(vertex, { x, y, controls: vertex.controls && [change(vertex.controls[0]), change(vertex.controls[1])] });
    }),
  };
}

/** Grown or shrunk from its top left corner, not beyond `limit` and not below one pixel. */
export function resizedTo(path: Path, width: number, height: number, limit: Box): Path {
  const { minX, minY, maxX, maxY } = boxOf(path.vertices);
  const across = maxX > minX ? Math.max(1, width) / (maxX - minX) : 1;
  const down = maxY > minY ? Math.max(1, height) / (maxY - minY) : 1;
  return mapped(path, ({ x, y }) => clampPoint({ x: minX + (x - minX) * across, y: minY + (y - minY) * down }, limit));
}
