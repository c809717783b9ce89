/** Resizing a rectangle by one of its eight handles, also when it is rotated. */
import { boxOfSize, clampPoint, type Point, type Size, union, within } from './plane';
import { fromLocal, furthest, hull, type Rectangle, toLocal } from './rectangle';

/** Handles by the compass, as seen before rotation. */
export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type RectangleHandle = (typeof HANDLES)[number];

/** Where a handle sits on the rectangle, in parts of its width and height. */
export function handlePlace(handle: RectangleHandle): Point {
  return {
    x: handle.includes('w') ? 0 : handle.includes('e') ? 1 : 0.5,
    y: handle.startsWith('n') ? 0 : handle.startsWith('s') ? 1 : 0.5,
  };
}

export function handlePoint(rectangle: Rectangle, handle: RectangleHandle): Point {
  const { x, y } = handlePlace(handle);
  return fromLocal(rectangle, x * rectangle.width, y * rectangle.height);
}

export interface ResizeOptions {
  size: Size;
  /** Smallest width and height, in image pixels; what is smaller already stays as it is. */
  minimum?: number;
  /** Keeps width to height, for corner handles. */
  keepAspect?: boolean;
  /** The middle stays where it is, rather than the opposite side. */
  fromCenter?: boolean;
}

export interface Resized {
  rectangle: Rectangle;
  /** The handle that is under the pointer now: another one after the rectangle was turned inside out. */
  handle: RectangleHandle;
}

const name = (x: number, y: number) => `${y === 0 ? 'n' : y === 1 ? 's' : ''}${x === 0 ? 'w' : x === 1 ? 'e' : ''}` as RectangleHandle;

/** One axis: where low and high edge go when the handle (0 low, 1 high, 0.5 none) is dragged to `to`. */
function edges(length: number, place: number, to: number, minimum: number, fromCenter: boolean): { low: number; high: number; place: number } {
  if (place === 0.5) return { low: 0, high: length, place };
  const fixed = fromCenter ? length / 2 : place === 0 ? length : 0;
  const least = fromCenter ? minimum / 2 : minimum;
  const outward = place === 0 ? -1 : 1;
  let reach = to - fixed;
  if (Math.abs(reach) < least) reach = least * (reach === 0 ? outward : Math.sign(reach));
  const [low, high] = fromCenter ? [fixed - Math.abs(reach), fixed + Math.abs(reach)] : reach < 0 ? [fixed + reach, fixed] : [fixed, fixed + reach];
  return { low, high, place: reach < 0 ? 0 : 1 };
}

function reshape(rectangle: Rectangle, handle: RectangleHandle, to: Point, options: ResizeOptions): Resized {
  const { width, height } = rectangle;
  const place = handlePlace(handle);
  const minimum = options.minimum ?? 1;
  const fromCenter = options.fromCenter ?? false;
  let { x, y } = to;
  if (options.keepAspect && place.x !== 0.5 && place.y !== 0.5 && width > 0 && height > 0) {
    const originX = fromCenter ? width / 2 : place.x === 0 ? width : 0;
    const originY = fromCenter ? height / 2 : place.y === 0 ? height : 0;
    const part = fromCenter ? 0.5 : 1;
    const factor = Math.max(Math.abs(x - originX) / (width * part), Math.abs(y - originY) / (height * part), minimum / Math.min(width, height));
    x = originX + (Math.sign(x - originX) || (place.x === 0 ? -1 : 1)) * factor * width * part;
    y = originY + (Math.sign(y - originY) || (place.y === 0 ? -1 : 1)) * factor * height * part;
  }
  const across = edges(width, place.x, x, Math.min(minimum, width || minimum), fromCenter);
  const down = edges(height, place.y, y, Math.min(minimum, height || minimum), fromCenter);
  const corner = fromLocal(rectangle, across.low, down.low);
  return {
    rectangle: { x: corner.x, y: corner.y, width: across.high - across.low, height: down.high - down.low, rotation: rectangle.rotation },
    handle: name(across.place, down.place),
  };
}

/**
 * The rectangle after `handle` was dragged to `to`. What was inside the image stays inside: a rotated rectangle slides along the border.
 * Dragging over the opposite side turns it inside out; width and height stay positive and `handle` says where the pointer is then.
 */
export function resized(rectangle: Rectangle, handle: RectangleHandle, to: Point, options: ResizeOptions): Resized {
  const limit = union(boxOfSize(options.size), hull(rectangle));
  // An upright rectangle is limited exactly by its pointer.
  const target = toLocal(rectangle, rectangle.rotation === 0 ? clampPoint(to, limit) : to);
  const whole = reshape(rectangle, handle, target, options);
  if (within(hull(whole.rectangle), limit)) return whole;
  const place = handlePlace(handle);
  const start = { x: place.x * rectangle.width, y: place.y * rectangle.height };
  if (options.keepAspect) {
    const along = (part: number) => reshape(rectangle, handle, { x: start.x + (target.x - start.x) * part, y: start.y + (target.y - start.y) * part }, options);
    return furthestResize(along, limit, rectangle, handle);
  }
  const onlyAcross = furthest(target.x - start.x, (by) => reshape(rectangle, handle, { x: start.x + by, y: start.y }, options).rectangle, limit);
  const reachedX = reached(rectangle, onlyAcross, target.x, 'x', place.x);
  const both = (part: number) => reshape(rectangle, handle, { x: reachedX, y: start.y + (target.y - start.y) * part }, options);
  return furthestResize(both, limit, rectangle, handle);
}

/** Where along its own x axis the dragged edge of `after` lies. */
function reached(before: Rectangle, after: Rectangle, target: number, axis: 'x' | 'y', place: number): number {
  const low = toLocal(before, fromLocal(after, 0, 0))[axis];
  const high = toLocal(before, fromLocal(after, after.width, after.height))[axis];
  if (place === 0.5) return target;
  return Math.abs(low - target) < Math.abs(high - target) ? low : high;
}

function furthestResize(make: (part: number) => Resized, limit: ReturnType<typeof boxOfSize>, before: Rectangle, handle: RectangleHandle): Resized {
  let last: Resized = { rectangle: before, handle };
  furthest(
    1,
    (part) => {
      const made = make(part);
      if (within(hull(made.rectangle), limit)) last = made;
      return made.rectangle;
    },
    limit,
  );
  return last;
}
