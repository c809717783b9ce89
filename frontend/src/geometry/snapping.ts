/** Snapping to whole image pixels, for `snap="pixel"`. */
import type { Point, Size } from './plane';
import { clamp } from './plane';
import type { Rectangle } from './rectangle';

export function snapPoint(at: Point): Point {
  return { x: Math.round(at.x), y: Math.round(at.y) };
}

/** The rectangle with its edges on pixel borders, at least one pixel wide and high; a rotated one keeps its angle. */
export function snapRectangle(rectangle: Rectangle, size: Size): Rectangle {
  const { rotation } = rectangle;
  if (rotation !== 0) {
    const corner = snapPoint(rectangle);
    return { x: corner.x, y: corner.y, width: Math.max(1, Math.round(rectangle.width)), height: Math.max(1, Math.round(rectangle.height)), rotation };
  }
  const x = clamp(Math.round(rectangle.x), 0, Math.max(0, size.width - 1));
  const y = clamp(Math.round(rectangle.y), 0, Math.max(0, size.height - 1));
  const right = clamp(Math.round(rectangle.x + rectangle.width), x + 1, Math.max(x + 1, size.width));
  const bottom = clamp(Math.round(rectangle.y + rectangle.height), y + 1, Math.max(y + 1, size.height));
  return { x, y, width: right - x, height: bottom - y, rotation };
}
