/** Rectangles on the stage: reading, drawing, hit tests, handles. The mathematics are in `geometry/`. */
import { direction, type Point, turn } from '../../geometry/plane';
import type { Rectangle } from '../../geometry/rectangle';
import * as rectangles from '../../geometry/rectangle';
import { HANDLES, handlePlace, handlePoint, type RectangleHandle, resized } from '../../geometry/resize';
import { snapPoint, snapRectangle } from '../../geometry/snapping';
import { apply } from '../../geometry/viewport';
import type { Handle, HandleOptions, ShapeKind } from '../../stage/shape';

/** How far the rotation handle stands off the top edge, in screen pixels. */
const ROTATE_DISTANCE = 24;
/** Sides shorter than this on screen have no handle in their middle. */
const EDGE_HANDLE_FROM = 36;
const ROTATE_STEP = 15;

function handles(rectangle: Rectangle, { scale, canRotate, touch }: HandleOptions): Handle[] {
  const least = touch ? 2 * EDGE_HANDLE_FROM : EDGE_HANDLE_FROM;
  const wide = rectangle.width * scale >= least;
  const tall = rectangle.height * scale >= least;
  const list: Handle[] = [];
  for (const id of HANDLES) {
    const { x, y } = handlePlace(id);
    const isEdge = x === 0.5 || y === 0.5;
    if (isEdge && !(x === 0.5 ? wide : tall)) continue;
    const angle = rectangle.rotation + direction({ x: 0, y: 0 }, { x: x - 0.5, y: y - 0.5 });
    list.push({ id, at: handlePoint(rectangle, id), kind: isEdge ? 'edge' : 'corner', angle });
  }
  if (canRotate) {
    const at = rectangles.fromLocal(rectangle, rectangle.width / 2, -ROTATE_DISTANCE / scale);
    list.push({ id: 'rotate', at, kind: 'rotate', angle: rectangle.rotation - 90 });
  }
  return list;
}

function rotate(rectangle: Rectangle, start: Point, at: Point, steps: boolean, size: { width: number; height: number }): Rectangle {
  const middle = rectangles.center(rectangle);
  const rotation = rectangle.rotation + direction(middle, at) - direction(middle, start);
  return rectangles.rotatedTo(rectangle, steps ? Math.round(rotation / ROTATE_STEP) * ROTATE_STEP : rotation, size);
}

export const rectangleShape: ShapeKind<Rectangle> = {
  kind: 'rectangle',
  types: ['rectangle', 'rectanglelabels'],
  read: rectangles.fromPercent,
  write(geometry, size, before) {
    const value = rectangles.toPercent(geometry, size);
    if (!before) return value;
    const changed = Object.entries(value).filter(([key]) => geometry[key as keyof Rectangle] !== before[key as keyof Rectangle]);
    return Object.fromEntries(changed);
  },
  bounds: rectangles.hull,
  area: ({ width, height }) => width * height,
  hit: rectangles.contains,
  borderDistance: rectangles.borderDistance,
  paint(context, geometry, toScreen, fill) {
    const { cos, sin } = turn(geometry.rotation);
    const a = apply(toScreen, geometry);
    if (toScreen.b === 0 && toScreen.c === 0 && sin === 0 && cos === 1) {
      const width = geometry.width * toScreen.a;
      const height = geometry.height * toScreen.d;
      if (fill > 0) {
        context.globalAlpha = fill;
        context.fillRect(a.x, a.y, width, height);
        context.globalAlpha = 1;
      }
      context.strokeRect(a.x, a.y, width, height);
      return;
    }
    context.beginPath();
    context.moveTo(a.x, a.y);
    for (const corner of rectangles.corners(geometry).slice(1)) {
      const at = apply(toScreen, corner);
      context.lineTo(at.x, at.y);
    }
    context.closePath();
    if (fill > 0) {
      context.globalAlpha = fill;
      context.fill();
      context.globalAlpha = 1;
    }
    context.stroke();
  },
  anchor(geometry, toScreen) {
    const on = rectangles.corners(geometry).map((corner) => apply(toScreen, corner));
    return on.reduce((best, at) => (at.x + at.y < best.x + best.y ? at : best));
  },
  handles,
  drag(geometry, handle, at, { size, start, constrain, fromCenter, snap }) {
    if (handle === 'rotate') return rotate(geometry, start, at, constrain, size);
    // The handle keeps its distance to the pointer.
    const grip = handlePoint(geometry, handle as RectangleHandle);
    const to = { x: grip.x + at.x - start.x, y: grip.y + at.y - start.y };
    const options = { size, keepAspect: constrain, fromCenter, minimum: 1 };
    const result = resized(geometry, handle as RectangleHandle, snap ? snapPoint(to) : to, options).rectangle;
    return snap ? snapRectangle(result, size) : result;
  },
  move: (geometry, dx, dy) => ({ ...geometry, x: geometry.x + dx, y: geometry.y + dy }),
  stretch: (geometry, dWidth, dHeight, size) => rectangles.stretched(geometry, dWidth, dHeight, size),
  snap: snapRectangle,
  measure: ({ width, height, rotation }) => {
    const turned = rotation === 0 ? '' : ` ${Math.round(rotation * 10) / 10}°`;
    return `${Math.round(width)} × ${Math.round(height)}${turned}`;
  },
};
