/** Polygons on the stage: a handle on each corner, and one in the middle of each edge that makes a new corner. */
import { plural } from '../../core/text';
import { boxOf, boxOfSize, clampPoint, distance, type Point, union } from '../../geometry/plane';
import type { Polygon } from '../../geometry/polygon';
import * as polygons from '../../geometry/polygon';
import { snapPoint } from '../../geometry/snapping';
import { apply, type Matrix } from '../../geometry/viewport';
import type { Handle, HandleOptions, ShapeKind } from '../../stage/shape';

/** Edges shorter than this on screen have no handle in their middle. */
const ADD_FROM = 40;
const LEAST_POINTS = 3;

const place = (handle: string) => Number(handle.slice(1));
const middle = ([a, b]: readonly [Point, Point]): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

function handles(polygon: Polygon, { scale, touch }: HandleOptions): Handle[] {
  const corners = polygon.points.map((at, index): Handle => ({ id: `p${index}`, at, kind: 'point', angle: 0 }));
  const least = (touch ? 2 * ADD_FROM : ADD_FROM) / scale;
  const adds = polygons.edges(polygon).flatMap((edge, index): Handle[] => {
    return distance(edge[0], edge[1]) < least ? [] : [{ id: `m${index}`, at: middle(edge), kind: 'add', angle: 0 }];
  });
  return [...adds, ...corners];
}

export function tracePath(context: CanvasRenderingContext2D, points: readonly Point[], { a, b, c, d, e, f }: Matrix): void {
  context.beginPath();
  for (let at = 0; at < points.length; at += 1) {
    const { x, y } = points[at] as Point;
    if (at === 0) context.moveTo(a * x + c * y + e, b * x + d * y + f);
    else context.lineTo(a * x + c * y + e, b * x + d * y + f);
  }
}

export const polygonShape: ShapeKind<Polygon> = {
  kind: 'polygon',
  types: ['polygon', 'polygonlabels'],
  read: polygons.fromPercent,
  write(geometry, size, before) {
    const { points, closed } = polygons.toPercent(geometry, size);
    return { points, ...(closed !== before?.closed && { closed }) };
  },
  bounds: ({ points }) => boxOf(points),
  area: polygons.area,
  hit: polygons.contains,
  borderDistance: (geometry, at) => polygons.nearestEdge(geometry, at).distance,
  paint(context, { points, closed }, toScreen, fill) {
    tracePath(context, points, toScreen);
    if (closed) context.closePath();
    if (fill > 0 && closed) {
      context.globalAlpha = fill;
      context.fill('evenodd');
      context.globalAlpha = 1;
    }
    context.stroke();
    if (closed && points.length > 1) return;
    // An open path shows where its corners are: nothing else tells that it goes on.
    for (const point of points) {
      const at = apply(toScreen, point);
      context.beginPath();
      context.arc(at.x, at.y, 3, 0, 2 * Math.PI);
      context.stroke();
    }
  },
  anchor({ points }, toScreen) {
    const on = points.map((point) => apply(toScreen, point));
    return on.reduce((best, at) => (at.x + at.y < best.x + best.y ? at : best));
  },
  handles,
  drag(geometry, handle, at, { size, start, snap }) {
    const index = place(handle);
    const from = handle.startsWith('m') ? middle(polygons.edgeEnds(geometry, index)) : (geometry.points[index] as Point);
    const to = clampPoint({ x: from.x + at.x - start.x, y: from.y + at.y - start.y }, union(boxOfSize(size), boxOf([from])));
    const target = snap ? snapPoint(to) : to;
    return handle.startsWith('m') ? polygons.inserted(geometry, index, target) : polygons.withPoint(geometry, index, target);
  },
  move: (geometry, dx, dy) => polygons.mapped(geometry, ({ x, y }) => ({ x: x + dx, y: y + dy })),
  stretch(geometry, dWidth, dHeight, size) {
    const { minX, minY, maxX, maxY } = boxOf(geometry.points);
    return polygons.resizedTo(geometry, maxX - minX + dWidth, maxY - minY + dHeight, union(boxOfSize(size), boxOf(geometry.points)));
  },
  snap: (geometry) => polygons.mapped(geometry, snapPoint),
  measure: ({ points }) => plural(points.length, '{count} point', '{count} points'),
  edgeAt: (geometry, at) => `m${polygons.nearestEdge(geometry, at).edge}`,
  insert(geometry, handle, at) {
    const index = place(handle);
    const [a, b] = polygons.edgeEnds(geometry, index);
    return { geometry: polygons.inserted(geometry, index, polygons.nearestOn(a, b, at)), handle: `p${index + 1}` };
  },
  remove: (geometry, handle) => (geometry.points.length > LEAST_POINTS ? polygons.removed(geometry, place(handle)) : null),
};
