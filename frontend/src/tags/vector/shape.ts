/** Paths on the stage: handles on vertices, on the middles of segments, and on the control points of curves. */
import { regionId } from '../../core/ids';
import { plural } from '../../core/text';
import type { Path, Segment, Vertex } from '../../geometry/path';
import * as paths from '../../geometry/path';
import { boxOf, boxOfSize, clampPoint, distance, type Point, union } from '../../geometry/plane';
import * as polygons from '../../geometry/polygon';
import { snapPoint } from '../../geometry/snapping';
import { apply } from '../../geometry/viewport';
import type { Handle, HandleOptions, ShapeKind } from '../../stage/shape';

/** Segments shorter than this on screen have no handle in their middle. */
const ADD_FROM = 40;
const LEAST_POINTS = 2;
const DOT = 3;

const place = (handle: string) => Number(handle.slice(1).split('.')[0]);
const side = (handle: string) => (handle.endsWith('.0') ? 0 : 1);
const middle = (path: Path, segment: number): Point => paths.along(paths.curve(path, paths.segments(path)[segment] as Segment), 0.5);

function handles(path: Path, { scale, touch }: HandleOptions): Handle[] {
  const least = (touch ? 2 * ADD_FROM : ADD_FROM) / scale;
  const adds = paths.segments(path).flatMap(({ from, to }, index): Handle[] => {
    const far = distance(path.vertices[from] as Vertex, path.vertices[to] as Vertex) >= least;
    return far ? [{ id: `m${index}`, at: middle(path, index), kind: 'add', angle: 0 }] : [];
  });
  const controls = path.vertices.flatMap((vertex, index): Handle[] =>
    vertex.controls ? vertex.controls.map((at, which) => ({ id: `c${index}.${which}`, at, kind: 'control', angle: 0, from: vertex })) : [],
  );
  const vertices = path.vertices.map((at, index): Handle => ({ id: `p${index}`, at, kind: 'point', angle: 0 }));
  return [...adds, ...controls, ...vertices];
}

function trace(context: CanvasRenderingContext2D, path: Path, toScreen: Parameters<typeof apply>[0]): void {
  context.beginPath();
  let last = -1;
  for (const segment of paths.segments(path)) {
    const [a, b, c, d] = paths.curve(path, segment).map((point) => apply(toScreen, point)) as [Point, Point, Point, Point];
    if (segment.from !== last) context.moveTo(a.x, a.y);
    if (paths.isCurved(path, segment)) context.bezierCurveTo(b.x, b.y, c.x, c.y, d.x, d.y);
    else context.lineTo(d.x, d.y);
    last = segment.to;
  }
}

/** The whole of a closed path as a polygon, for what polygons know. */
const area = (path: Path) => ({ points: paths.outline(path), closed: true });

export const vectorShape: ShapeKind<Path> = {
  kind: 'vector',
  types: ['vector', 'vectorlabels'],
  read: paths.fromPercent,
  write(geometry, size, before) {
    const { vertices, closed } = paths.toPercent(geometry, size);
    return { vertices, ...(closed !== before?.closed && { closed }) };
  },
  bounds: paths.hull,
  area: (path) => (path.closed ? polygons.area(area(path)) : 1),
  hit: (path, at, tolerance) => paths.nearest(path, at).distance <= tolerance || (path.closed && polygons.contains(area(path), at)),
  borderDistance: (path, at) => paths.nearest(path, at).distance,
  paint(context, path, toScreen, fill) {
    trace(context, path, toScreen);
    if (fill > 0 && path.closed) {
      context.globalAlpha = fill;
      context.fill('evenodd');
      context.globalAlpha = 1;
    }
    context.stroke();
    context.beginPath();
    for (const vertex of path.vertices) {
      const { x, y } = apply(toScreen, vertex);
      context.moveTo(x + DOT, y);
      context.arc(x, y, DOT, 0, 2 * Math.PI);
    }
    if (fill > 0) context.fill();
    context.stroke();
  },
  anchor({ vertices }, toScreen) {
    const on = vertices.map((vertex) => apply(toScreen, vertex));
    return on.reduce((best, at) => (at.x + at.y < best.x + best.y ? at : best));
  },
  handles,
  drag(path, handle, at, { size, start, snap, fromCenter }) {
    const index = place(handle);
    const inside = (from: Point) => clampPoint({ x: from.x + at.x - start.x, y: from.y + at.y - start.y }, union(boxOfSize(size), boxOf([from])));
    const snapped = (point: Point) => (snap ? snapPoint(point) : point);
    if (handle.startsWith('c')) {
      const which = side(handle);
      const from = path.vertices[index]?.controls?.[which] as Point;
      return paths.withControl(path, index, which, { x: from.x + at.x - start.x, y: from.y + at.y - start.y }, fromCenter);
    }
    if (handle.startsWith('m')) return paths.inserted(path, index, snapped(inside(middle(path, index))), regionId()).path;
    return paths.withVertex(path, index, snapped(inside(path.vertices[index] as Vertex)));
  },
  move: (path, dx, dy) => paths.mapped(path, ({ x, y }) => ({ x: x + dx, y: y + dy })),
  stretch(path, dWidth, dHeight, size) {
    const { minX, minY, maxX, maxY } = boxOf(path.vertices);
    return paths.resizedTo(path, maxX - minX + dWidth, maxY - minY + dHeight, union(boxOfSize(size), paths.hull(path)));
  },
  snap: (path) => paths.mapped(path, snapPoint),
  measure: ({ vertices }) => plural(vertices.length, '{count} point', '{count} points'),
  edgeAt: (path, at) => `m${paths.nearest(path, at).segment}`,
  insert(path, handle, at) {
    const index = place(handle);
    if (!(index >= 0)) return { geometry: path, handle: 'p0' };
    const { on, segment } = paths.nearest(path, at);
    const made = paths.inserted(path, index, segment === index ? on : middle(path, index), regionId());
    return { geometry: made.path, handle: `p${made.place}` };
  },
  remove: (path, handle) => (path.vertices.length > LEAST_POINTS ? paths.removed(path, place(handle)) : null),
  toggleCurve: (path, handle) => paths.toggledCurve(path, place(handle)),
};
