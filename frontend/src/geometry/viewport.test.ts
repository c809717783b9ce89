import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canPan,
  firstLook,
  fitted,
  inverse,
  MARGIN,
  panned,
  product,
  reshaped,
  scaleLimits,
  shownAt,
  toImage,
  toScreen,
  toScreenMatrix,
  turned,
  turnedSize,
  type Viewport,
  zoomed,
} from './viewport';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const size = (max: number) => fc.record({ width: fc.integer({ min: 50, max }), height: fc.integer({ min: 50, max }) });
const viewport: fc.Arbitrary<Viewport> = fc
  .tuple(size(2000), size(9000), fc.constantFrom(0, 90, 180, 270), number(0.02, 20), number(-500, 500), number(-500, 500))
  .map(([view, image, rotation, scale, dx, dy]) => panned(shownAt({ view, image, rotation, scale, centerX: 0, centerY: 0 }, scale), dx, dy));

describe('screen and image', () => {
  test('are inverse to each other', () => {
    fc.assert(
      fc.property(viewport, number(0, 2000), number(0, 2000), (shown, x, y) => {
        const back = toScreen(shown, toImage(shown, { x, y }));
        expect(Math.hypot(back.x - x, back.y - y)).toBeLessThan(1e-6);
      }),
    );
  });

  test('a turn by 90° puts the top left corner at the top right', () => {
    const shown = fitted({ view: { width: 224, height: 124 }, image: { width: 100, height: 200 }, rotation: 90, scale: 1, centerX: 0, centerY: 0 });
    expect(toScreen(shown, { x: 0, y: 0 })).toEqual({ x: 212, y: 12 });
    expect(toScreen(shown, { x: 0, y: 200 })).toEqual({ x: 12, y: 12 });
  });

  test('matrices multiply as maps do', () => {
    fc.assert(
      fc.property(viewport, viewport, (a, b) => {
        const identity = product(toScreenMatrix(a), inverse(toScreenMatrix(a)));
        expect(Math.abs(identity.a - 1) + Math.abs(identity.b) + Math.abs(identity.c) + Math.abs(identity.d - 1)).toBeLessThan(1e-9);
        const at = { x: 3, y: 7 };
        const both = product(toScreenMatrix(b), toScreenMatrix(a));
        const inner = toScreen(a, at);
        const outer = toScreen(b, inner);
        expect(both.a * at.x + both.c * at.y + both.e).toBeCloseTo(outer.x, 4);
      }),
    );
  });
});

describe('first look', () => {
  const view = { width: 824, height: 624 };
  test('fit shows all of it with a margin, small images larger', () => {
    const shown = firstLook(view, { width: 1600, height: 1200 }, 0, 'fit');
    expect(shown.scale).toBe(0.5);
    expect(toScreen(shown, { x: 0, y: 0 })).toEqual({ x: MARGIN, y: MARGIN });
    expect(firstLook(view, { width: 80, height: 60 }, 0, 'fit').scale).toBe(10);
  });
  test('auto does not enlarge, original never scales', () => {
    expect(firstLook(view, { width: 80, height: 60 }, 0, 'auto').scale).toBe(1);
    expect(firstLook(view, { width: 1600, height: 1200 }, 0, 'auto').scale).toBe(0.5);
    expect(firstLook(view, { width: 1600, height: 1200 }, 0, 'original').scale).toBe(1);
  });
  test('stands where the config wants it', () => {
    const shown = firstLook(view, { width: 100, height: 100 }, 0, 'original', { across: 'start', down: 'end' });
    expect(toScreen(shown, { x: 0, y: 100 })).toEqual({ x: MARGIN, y: 624 - MARGIN });
  });
});

describe('zoom and pan', () => {
  test('the point under the pointer stays there while the image fills the view', () => {
    const shown = shownAt(firstLook({ width: 800, height: 600 }, { width: 4000, height: 3000 }, 0, 'fit'), 1);
    const at = { x: 250, y: 420 };
    const before = toImage(shown, at);
    const after = toImage(zoomed(shown, 2.5, at, scaleLimits(shown, false)), at);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
  });

  test('part of the image is always in sight', () => {
    fc.assert(
      fc.property(viewport, number(-1e5, 1e5), number(-1e5, 1e5), number(0.01, 100), number(0, 2000), number(0, 2000), (start, dx, dy, scale, x, y) => {
        const shown = zoomed(panned(start, dx, dy), scale, { x, y }, scaleLimits(start, true));
        const { width, height } = turnedSize(shown);
        expect(shown.centerX + (width * shown.scale) / 2).toBeGreaterThan(0);
        expect(shown.centerX - (width * shown.scale) / 2).toBeLessThan(shown.view.width);
        expect(shown.centerY + (height * shown.scale) / 2).toBeGreaterThan(0);
        expect(shown.centerY - (height * shown.scale) / 2).toBeLessThan(shown.view.height);
      }),
    );
  });

  test('a fitted image cannot be panned, and not made smaller without negativeZoom', () => {
    fc.assert(
      fc.property(viewport, (start) => {
        const whole = fitted(start);
        expect(canPan(whole)).toBe(false);
        expect(panned(whole, 50, -30)).toEqual(whole);
        const low = scaleLimits(whole, false).low;
        expect(low).toBeLessThanOrEqual(whole.scale);
        expect(scaleLimits(whole, true).low).toBeCloseTo(low / 10);
      }),
    );
  });

  test('a fitted image stays fitted when the window changes, and four quarter turns are none', () => {
    fc.assert(
      fc.property(viewport, size(2000), (start, view) => {
        expect(reshaped(fitted(start), view)).toEqual(fitted({ ...start, view }));
        expect(turned(turned(turned(turned(start, 90), 90), 90), 90)).toEqual(fitted(start));
        expect(turned(start, -90).rotation).toBe((start.rotation + 270) % 360);
      }),
    );
  });
});
