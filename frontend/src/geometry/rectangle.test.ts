import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxOfSize, distance, type Point, type Size, union, within } from './plane';
import {
  borderDistance,
  center,
  contains,
  corners,
  fromCorners,
  fromLocal,
  fromPercent,
  fromThreePoints,
  hull,
  moved,
  type Rectangle,
  rotatedTo,
  stretched,
  toLocal,
  toPercent,
} from './rectangle';
import { HANDLES, handlePoint, resized } from './resize';
import { snapRectangle } from './snapping';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const size = fc.record({ width: fc.integer({ min: 8, max: 8000 }), height: fc.integer({ min: 8, max: 8000 }) });
const angle = fc.oneof(fc.constantFrom(0, 90, 180, 270), number(0, 359.99));

/** A rectangle that lies in an image, however it is turned. */
const inside = fc.tuple(size, number(0.05, 0.95), number(0.05, 0.95), number(0.02, 1), number(0.02, 1), angle).map(([image, cx, cy, w, h, rotation]) => {
  const middle = { x: image.width * cx, y: image.height * cy };
  const room = Math.min(middle.x, middle.y, image.width - middle.x, image.height - middle.y);
  const around = { x: middle.x, y: middle.y, width: 0, height: 0, rotation };
  const [width, height] = [room * w * Math.SQRT2, room * h * Math.SQRT2];
  const corner = fromLocal(around, -width / 2, -height / 2);
  return { image, rectangle: { x: corner.x, y: corner.y, width, height, rotation } };
});
const point = (image: Size): fc.Arbitrary<Point> => fc.record({ x: number(-image.width, 2 * image.width), y: number(-image.height, 2 * image.height) });
const near = (a: Point, b: Point, slack = 1e-6) => expect(distance(a, b)).toBeLessThanOrEqual(slack * (1 + Math.abs(a.x) + Math.abs(a.y)));
const isInside = (rectangle: Rectangle, image: Size) => expect(within(hull(rectangle), boxOfSize(image), 1e-5)).toBe(true);

describe('percent and pixels', () => {
  test('a result goes to pixels and back unchanged', () => {
    fc.assert(
      fc.property(size, number(0, 100), number(0, 100), number(0, 100), number(0, 100), angle, (image, x, y, width, height, rotation) => {
        const back = toPercent(fromPercent({ x, y, width, height, rotation }, image) as Rectangle, image);
        for (const [key, value] of Object.entries({ x, y, width, height, rotation })) expect(Math.abs(back[key as 'x'] - value)).toBeLessThan(1e-9);
      }),
    );
  });

  test('a rectangle of Label Studio lies where it was drawn: percent of 500 pixels', () => {
    const value = { x: 10, y: 20, width: 16.4, height: 15, rotation: 0 };
    expect(fromPercent(value, { width: 500, height: 333 })).toEqual({ x: 50, y: 66.6, width: 82, height: 49.95, rotation: 0 });
  });

  test('what is no rectangle is none', () => {
    expect(fromPercent({ x: 1, y: 2, width: 3 }, { width: 10, height: 10 })).toBeNull();
    expect(fromPercent({ x: 1, y: 2, width: 3, height: '4' }, { width: 10, height: 10 })).toBeNull();
    expect(fromPercent({ x: 1, y: 2, width: 3, height: Number.NaN }, { width: 10, height: 10 })).toBeNull();
  });
});

describe('rotation', () => {
  test('turns clockwise about the top left corner', () => {
    const [a, b, c, d] = corners({ x: 100, y: 100, width: 40, height: 20, rotation: 90 });
    expect([a, b, c, d]).toEqual([
      { x: 100, y: 100 },
      { x: 100, y: 140 },
      { x: 80, y: 140 },
      { x: 80, y: 100 },
    ]);
  });

  test('by its handle it turns about its middle', () => {
    const turned = rotatedTo({ x: 400, y: 400, width: 200, height: 100, rotation: 0 }, 90, { width: 1000, height: 1000 });
    expect(turned).toEqual({ x: 550, y: 350, width: 200, height: 100, rotation: 90 });
  });

  test('keeps size and stays in the image when it fits', () => {
    fc.assert(
      fc.property(inside, angle, ({ image, rectangle }, rotation) => {
        const turned = rotatedTo(rectangle, rotation, image);
        expect([turned.width, turned.height]).toEqual([rectangle.width, rectangle.height]);
        isInside(turned, image);
      }),
    );
  });

  test('local coordinates are inverse to image coordinates', () => {
    fc.assert(
      fc.property(
        inside.chain(({ image, rectangle }) => fc.tuple(fc.constant(rectangle), point(image))),
        ([rectangle, at]) => {
          const { x, y } = toLocal(rectangle, at);
          near(fromLocal(rectangle, x, y), at);
        },
      ),
    );
  });
});

describe('hit test', () => {
  test('the middle is inside, the corners are on the border, the hull holds all', () => {
    fc.assert(
      fc.property(inside, ({ image, rectangle }) => {
        expect(contains(rectangle, center(rectangle))).toBe(true);
        for (const corner of corners(rectangle)) {
          expect(borderDistance(rectangle, corner)).toBeLessThan(1e-6 * (image.width + image.height));
          expect(contains(rectangle, corner, 0.01)).toBe(true);
        }
        const middle = center(rectangle);
        const box = hull(rectangle);
        expect((box.minX + box.maxX) / 2).toBeCloseTo(middle.x, 5);
        expect((box.minY + box.maxY) / 2).toBeCloseTo(middle.y, 5);
      }),
    );
  });

  test('a point beyond the tolerance is outside', () => {
    const rectangle = { x: 10, y: 10, width: 20, height: 10, rotation: 0 };
    expect(contains(rectangle, { x: 33, y: 15 }, 2)).toBe(false);
    expect(contains(rectangle, { x: 31, y: 15 }, 2)).toBe(true);
    expect(borderDistance(rectangle, { x: 33, y: 24 })).toBe(5);
    expect(borderDistance(rectangle, { x: 20, y: 14 })).toBe(4);
  });
});

describe('drawing', () => {
  test('from corner to corner in any direction, inside the image', () => {
    fc.assert(
      fc.property(
        size.chain((image) => fc.tuple(fc.constant(image), point(image), point(image), fc.boolean())),
        ([image, a, b, square]) => {
          const rectangle = fromCorners(a, b, image, square);
          isInside(rectangle, image);
          expect(rectangle.width).toBeGreaterThanOrEqual(0);
          if (square) expect(rectangle.width).toBeCloseTo(rectangle.height, 6);
        },
      ),
    );
    expect(fromCorners({ x: 30, y: 40 }, { x: 10, y: 5 }, { width: 100, height: 100 })).toEqual({ x: 10, y: 5, width: 20, height: 35, rotation: 0 });
  });

  test('by three points: one edge runs from the first to the second, the opposite one through the third', () => {
    fc.assert(
      fc.property(point({ width: 100, height: 100 }), point({ width: 100, height: 100 }), point({ width: 100, height: 100 }), (a, b, c) => {
        fc.pre(distance(a, b) > 0.1);
        const rectangle = fromThreePoints(a, b, c);
        expect(rectangle.width).toBeCloseTo(distance(a, b), 6);
        const all = corners(rectangle);
        const hasCorner = (at: Point) => expect(Math.min(...all.map((corner) => distance(corner, at)))).toBeLessThan(1e-6);
        hasCorner(a);
        hasCorner(b);
        const { y } = toLocal(rectangle, c);
        expect(Math.min(Math.abs(y), Math.abs(y - rectangle.height))).toBeLessThan(1e-6);
      }),
    );
  });
});

describe('moving', () => {
  test('keeps shape and stays in the image', () => {
    fc.assert(
      fc.property(
        inside.chain((made) => fc.tuple(fc.constant(made), point(made.image))),
        ([{ image, rectangle }, by]) => {
          const next = moved(rectangle, by.x, by.y, image);
          expect([next.width, next.height, next.rotation]).toEqual([rectangle.width, rectangle.height, rectangle.rotation]);
          isInside(next, image);
        },
      ),
    );
  });

  test('what sticks out may come in but goes no further out', () => {
    const out = { x: -20, y: 10, width: 40, height: 10, rotation: 0 };
    const image = { width: 100, height: 100 };
    expect(moved(out, -5, 0, image).x).toBe(-20);
    expect(moved(out, 12, 0, image).x).toBe(-8);
  });

  test('stretching keeps the corner, the minimum and the image', () => {
    fc.assert(
      fc.property(inside, number(-9000, 9000), number(-9000, 9000), ({ image, rectangle }, dx, dy) => {
        const next = stretched(rectangle, dx, dy, image);
        near(next, rectangle);
        isInside(next, image);
        expect(next.width).toBeGreaterThanOrEqual(Math.min(1, rectangle.width) - 1e-9);
      }),
    );
  });
});

describe('resizing', () => {
  const opposite = { nw: 'se', n: 's', ne: 'sw', e: 'w', se: 'nw', s: 'n', sw: 'ne', w: 'e' } as const;
  const drag = inside.chain((made) => fc.tuple(fc.constant(made), point(made.image), fc.constantFrom(...HANDLES)));

  test('stays in the image, at any angle, with aspect and from the centre too', () => {
    fc.assert(
      fc.property(drag, fc.boolean(), fc.boolean(), ([{ image, rectangle }, to, handle], keepAspect, fromCenter) => {
        const next = resized(rectangle, handle, to, { size: image, keepAspect, fromCenter }).rectangle;
        const limit = union(boxOfSize(image), hull(rectangle));
        expect(within(hull(next), limit, 1e-4)).toBe(true);
        expect(next.width).toBeGreaterThanOrEqual(Math.min(1, rectangle.width) - 1e-6);
        expect(next.height).toBeGreaterThanOrEqual(Math.min(1, rectangle.height) - 1e-6);
        expect(next.rotation).toBe(rectangle.rotation);
      }),
    );
  });

  test('the opposite side stays where it is', () => {
    fc.assert(
      fc.property(drag, ([{ image, rectangle }, to, handle]) => {
        const { rectangle: next, handle: now } = resized(rectangle, handle, to, { size: image });
        near(handlePoint(next, opposite[now]), handlePoint(rectangle, opposite[handle]), 1e-5);
      }),
    );
  });

  test('the handle follows the pointer while there is room', () => {
    fc.assert(
      fc.property(inside, fc.constantFrom(...HANDLES), number(0.2, 0.8), number(0.2, 0.8), ({ image, rectangle }, handle, u, v) => {
        fc.pre(rectangle.width > 4 && rectangle.height > 4);
        const to = fromLocal(rectangle, rectangle.width * u, rectangle.height * v);
        const { rectangle: next, handle: now } = resized(rectangle, handle, to, { size: image, minimum: 0.001 });
        const grip = toLocal(rectangle, handlePoint(next, now));
        const aim = toLocal(rectangle, to);
        if (handle.includes('e') || handle.includes('w')) expect(grip.x).toBeCloseTo(aim.x, 5);
        if (/^[ns]/.test(handle)) expect(grip.y).toBeCloseTo(aim.y, 5);
      }),
    );
  });

  test('dragged over the opposite corner it is turned inside out', () => {
    const before = { x: 40, y: 40, width: 20, height: 20, rotation: 0 };
    const after = resized(before, 'se', { x: 10, y: 30 }, { size: { width: 100, height: 100 } });
    expect(after).toEqual({ rectangle: { x: 10, y: 30, width: 30, height: 10, rotation: 0 }, handle: 'nw' });
  });

  test('beyond the border it ends exactly there', () => {
    const after = resized({ x: 40, y: 40, width: 20, height: 20, rotation: 0 }, 'se', { x: 150, y: 999 }, { size: { width: 100, height: 80 } }).rectangle;
    expect(after).toEqual({ x: 40, y: 40, width: 60, height: 40, rotation: 0 });
  });

  test('a rotated one slides along the border', () => {
    const image = { width: 200, height: 200 };
    const before = { x: 100, y: 20, width: 40, height: 40, rotation: 45 };
    const after = resized(before, 'se', { x: 100, y: 400 }, { size: image }).rectangle;
    isInside(after, image);
    expect(hull(after).maxX > 180 || hull(after).maxY > 180).toBe(true);
  });

  test('with aspect the ratio stays', () => {
    const after = resized(
      { x: 10, y: 10, width: 20, height: 10, rotation: 0 },
      'se',
      { x: 70, y: 25 },
      { size: { width: 100, height: 100 }, keepAspect: true },
    ).rectangle;
    expect(after).toEqual({ x: 10, y: 10, width: 60, height: 30, rotation: 0 });
  });
});

describe('snapping', () => {
  test('edges go to whole pixels, inside the image, at least one apart', () => {
    fc.assert(
      fc.property(inside, ({ image, rectangle }) => {
        const snapped = snapRectangle({ ...rectangle, rotation: 0 }, image);
        for (const value of Object.values(snapped)) expect(Number.isInteger(value)).toBe(true);
        expect(snapped.width).toBeGreaterThanOrEqual(1);
        expect(snapped.height).toBeGreaterThanOrEqual(1);
        expect(snapped.x + snapped.width).toBeLessThanOrEqual(image.width);
        expect(snapped.y + snapped.height).toBeLessThanOrEqual(image.height);
      }),
    );
  });

  test('snapping twice is snapping once', () => {
    fc.assert(
      fc.property(inside, ({ image, rectangle }) => {
        const once = snapRectangle(rectangle, image);
        expect(snapRectangle(once, image)).toEqual(once);
      }),
    );
  });
});
