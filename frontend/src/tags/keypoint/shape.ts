/** Points on the stage: a dot with a ring, at least as large as a fingertip can tell. */
import { distance, type Point, type Size } from '../../geometry/plane';
import { snapPoint } from '../../geometry/snapping';
import { apply } from '../../geometry/viewport';
import type { ShapeKind } from '../../stage/shape';

export interface KeyPoint extends Point {
  /** Size in image pixels: how large the dot is drawn. */
  readonly width: number;
}

const LEAST_RADIUS = 4;
const REACH = 2;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function toPercent({ x, y, width }: KeyPoint, size: Size): Record<string, number> {
  return { x: (x * 100) / size.width, y: (y * 100) / size.height, width: (width * 100) / size.width };
}

export const keyPointShape: ShapeKind<KeyPoint> = {
  kind: 'keypoint',
  types: ['keypoint', 'keypointlabels'],
  read({ x, y, width }, size) {
    if (!isNumber(x) || !isNumber(y)) return null;
    return { x: (x * size.width) / 100, y: (y * size.height) / 100, width: isNumber(width) ? (width * size.width) / 100 : 0 };
  },
  write(geometry, size, before) {
    const value = toPercent(geometry, size);
    return before ? Object.fromEntries(Object.entries(value).filter(([key]) => geometry[key as keyof KeyPoint] !== before[key as keyof KeyPoint])) : value;
  },
  bounds: ({ x, y }) => ({ minX: x, minY: y, maxX: x, maxY: y }),
  area: () => 0,
  hit: (geometry, at, tolerance) => distance(geometry, at) <= Math.max(geometry.width, tolerance * REACH),
  borderDistance: (geometry, at) => distance(geometry, at) / REACH,
  paint(context, geometry, toScreen, fill) {
    const at = apply(toScreen, geometry);
    const radius = Math.max(LEAST_RADIUS, geometry.width * Math.hypot(toScreen.a, toScreen.b));
    context.beginPath();
    context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
    if (fill > 0) {
      context.globalAlpha = Math.max(fill, 0.6);
      context.fill();
      context.globalAlpha = 1;
    }
    context.stroke();
  },
  anchor(geometry, toScreen) {
    const at = apply(toScreen, geometry);
    return { x: at.x + LEAST_RADIUS + 2, y: at.y - LEAST_RADIUS };
  },
  handles: () => [],
  drag: (geometry) => geometry,
  move: (geometry, dx, dy) => ({ ...geometry, x: geometry.x + dx, y: geometry.y + dy }),
  stretch: (geometry) => geometry,
  snap: (geometry) => ({ ...geometry, ...snapPoint(geometry) }),
  measure: ({ x, y }) => `${Math.round(x)}, ${Math.round(y)}`,
};
