import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockStep, clockText, parseClock, roundStep, TimeAxis } from './axis';
import { MinMaxPyramid } from './pyramid';

function axis(least = 0.1): TimeAxis {
  const made = new TimeAxis(least);
  made.width.value = 1000;
  made.setExtent(0, 100);
  return made;
}

describe('the axis', () => {
  it('shows all at first, and times where they are', () => {
    const shown = axis();
    expect(shown.window.value).toEqual({ start: 0, end: 100 });
    expect(shown.toPixel(25)).toBe(250);
    expect(shown.toTime(250)).toBe(25);
  });

  it('keeps the time under the pointer while zooming, and never leaves the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 0.1, max: 10, noNaN: true }), fc.double({ min: 0, max: 1000, noNaN: true }))), (steps) => {
        const shown = axis();
        for (const [factor, pixel] of steps) {
          shown.zoom(factor, shown.toTime(pixel));
          const { start, end } = shown.window.value;
          expect(start).toBeGreaterThanOrEqual(-1e-9);
          expect(end).toBeLessThanOrEqual(100 + 1e-9);
          expect(end - start).toBeGreaterThanOrEqual(0.1 - 1e-9);
        }
      }),
    );
    const shown = axis();
    shown.zoom(4, 30);
    expect(shown.toPixel(30)).toBeCloseTo(300);
    expect(shown.zoomed.value).toBeCloseTo(4);
  });

  it('scrolls to what is to be seen', () => {
    const shown = axis();
    shown.show(0, 10);
    shown.reveal(50, 52);
    expect(shown.window.value.start).toBeLessThanOrEqual(50);
    expect(shown.window.value.end).toBeGreaterThanOrEqual(52);
    shown.reveal(99.9);
    expect(shown.window.value.end).toBe(100);
  });

  it('cannot be zoomed where the config says so', () => {
    const shown = axis(Number.POSITIVE_INFINITY);
    shown.zoom(10, 50);
    expect(shown.window.value).toEqual({ start: 0, end: 100 });
  });
});

describe('times in words', () => {
  it('are written and read', () => {
    expect(clockText(3723.4567)).toBe('1:02:03.457');
    expect(clockText(59.9999)).toBe('1:00.000');
    expect(clockText(5, 0)).toBe('0:05');
    expect(parseClock('1:02:03.5')).toBe(3723.5);
    expect(parseClock('75')).toBe(75);
    expect(parseClock('soon')).toBeNull();
  });

  it('stand at round distances', () => {
    expect(roundStep(0.3)).toBe(0.5);
    expect(roundStep(700)).toBe(1000);
    expect(clockStep(20)).toBe(30);
    expect(clockStep(100)).toBe(120);
  });
});

describe('the pyramid', () => {
  it('tells lowest and highest of any stretch', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 400 }), fc.nat(400), fc.nat(400), (values, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const part = values.slice(from, to);
        const expected = part.length ? [Math.min(...part), Math.max(...part)] : null;
        expect(new MinMaxPyramid(values).range(from, to)).toEqual(expected);
      }),
    );
  });

  it('passes over what is missing', () => {
    const pyramid = new MinMaxPyramid([Number.NaN, 3, Number.NaN, 1, 2]);
    expect(pyramid.range(0, 5)).toEqual([1, 3]);
    expect(pyramid.range(0, 1)).toBeNull();
  });
});
