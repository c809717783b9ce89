/** How far two regions are at the same place: 0 nothing in common, 1 the same. */
import { equalJson } from '../core/json';
import { geometryOf } from '../core/region';
import type { Region } from '../core/types';
import type { Box } from '../geometry/plane';

interface Shape {
  box: Box;
  /** Undefined: the box is the shape. */
  has?: (x: number, y: number) => boolean;
}

/** Points along each side of the box that is looked at, where shapes are not boxes. */
const SAMPLES = 48;
/** Key points as far apart as this, in percent of the object, have nothing in common. */
const FAR = 5;

/** Where a region begins and ends in a text or a recording; undefined when it is something else. */
function range(value: Readonly<Record<string, unknown>>): readonly [number, number] | undefined {
  const place = (typeof value.start === 'string' ? value.globalOffsets : value) as Record<string, unknown> | undefined;
  return typeof place?.start === 'number' && typeof place.end === 'number' ? [place.start, place.end] : undefined;
}

function cornersOf(value: Readonly<Record<string, unknown>>): (readonly [number, number])[] | undefined {
  if (Array.isArray(value.points)) return value.points as [number, number][];
  if (Array.isArray(value.vertices)) return (value.vertices as { x: number; y: number }[]).map(({ x, y }) => [x, y] as const);
  const { x, y, width, height, rotation = 0 } = value;
  if (typeof x !== 'number' || typeof y !== 'number' || typeof width !== 'number' || typeof height !== 'number' || !rotation) return undefined;
  const angle = (Number(rotation) * Math.PI) / 180;
  const at = (across: number, down: number) =>
    [x + across * Math.cos(angle) - down * Math.sin(angle), y + across * Math.sin(angle) + down * Math.cos(angle)] as const;
  return [at(0, 0), at(width, 0), at(width, height), at(0, height)];
}

function isInside(corners: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [xi, yi] = corners[i] as readonly [number, number];
    const [xj, yj] = corners[j] as readonly [number, number];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

function shapeOf(value: Readonly<Record<string, unknown>>): Shape | undefined {
  const corners = cornersOf(value);
  if (corners && corners.length > 2) {
    const xs = corners.map(([x]) => x);
    const ys = corners.map(([, y]) => y);
    return { box: { minX: Math.min(...xs), minY: Math.min(...ys), maxX: Math.max(...xs), maxY: Math.max(...ys) }, has: (x, y) => isInside(corners, x, y) };
  }
  const { x, y, width, height, radiusX, radiusY } = value as Record<string, number | undefined>;
  if (x === undefined || y === undefined) return undefined;
  if (radiusX && radiusY) {
    const inEllipse = (px: number, py: number) => ((px - x) / radiusX) ** 2 + ((py - y) / radiusY) ** 2 <= 1;
    return { box: { minX: x - radiusX, minY: y - radiusY, maxX: x + radiusX, maxY: y + radiusY }, has: inEllipse };
  }
  return width !== undefined && height !== undefined ? { box: { minX: x, minY: y, maxX: x + width, maxY: y + height } } : undefined;
}

function shared(low: number, high: number, otherLow: number, otherHigh: number): number {
  return Math.max(0, Math.min(high, otherHigh) - Math.max(low, otherLow));
}

function boxOverlap(a: Box, b: Box): number {
  const both = shared(a.minX, a.maxX, b.minX, b.maxX) * shared(a.minY, a.maxY, b.minY, b.maxY);
  const area = (box: Box) => (box.maxX - box.minX) * (box.maxY - box.minY);
  const all = area(a) + area(b) - both;
  return all > 0 ? both / all : 0;
}

function sampledOverlap(a: Shape, b: Shape): number {
  const minX = Math.min(a.box.minX, b.box.minX);
  const minY = Math.min(a.box.minY, b.box.minY);
  const across = (Math.max(a.box.maxX, b.box.maxX) - minX) / SAMPLES;
  const down = (Math.max(a.box.maxY, b.box.maxY) - minY) / SAMPLES;
  const covers = ({ box, has }: Shape, x: number, y: number) => (has ? has(x, y) : x >= box.minX && x <= box.maxX && y >= box.minY && y <= box.maxY);
  let both = 0;
  let any = 0;
  for (let i = 0; i < SAMPLES; i += 1) {
    for (let j = 0; j < SAMPLES; j += 1) {
      const x = minX + (i + 0.5) * across;
      const y = minY + (j + 0.5) * down;
      const one = covers(a, x, y);
      const other = covers(b, x, y);
      if (one && other) both += 1;
      if (one || other) any += 1;
    }
  }
  return any > 0 ? both / any : 0;
}

/** The share of what either covers that both cover (intersection over union); of key points how near they are. */
export function overlap(left: Region, right: Region): number {
  const one = geometryOf(left.main);
  const other = geometryOf(right.main);
  if (equalJson(one, other)) return 1;
  const spans = [range(one), range(other)];
  if (spans[0] && spans[1]) {
    const [a, b] = spans as [readonly [number, number], readonly [number, number]];
    const both = shared(a[0], a[1], b[0], b[1]);
    const all = Math.max(a[1], b[1]) - Math.min(a[0], b[0]);
    return all > 0 ? both / all : 1;
  }
  if (left.main.type.startsWith('keypoint')) {
    const far = Math.hypot(Number(one.x) - Number(other.x), Number(one.y) - Number(other.y));
    return Math.max(0, 1 - far / FAR);
  }
  const a = shapeOf(one);
  const b = shapeOf(other);
  if (!a || !b) return 0;
  const boxes = boxOverlap(a.box, b.box);
  return boxes > 0 && (a.has || b.has) ? sampledOverlap(a, b) : boxes;
}
