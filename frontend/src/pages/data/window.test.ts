import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_PIXELS, scrollTo, windowOf } from './window';

const HEIGHT = 44;
const VIEW = 700;

describe('windowOf', () => {
  it('covers the view with few lines, wherever it is scrolled to', () => {
    fc.assert(
      fc.property(fc.nat(3_000_000), fc.double({ min: 0, max: 1, noNaN: true }), (lines, share) => {
        const height = Math.min(lines * HEIGHT, MOST_PIXELS);
        const scrolled = Math.max(0, height - VIEW) * share;
        const shown = windowOf(lines, HEIGHT, scrolled, VIEW);
        expect(shown.height).toBe(height);
        expect(shown.to - shown.from).toBeLessThan(40);
        expect(shown.top).toBeLessThanOrEqual(scrolled + 1);
        const end = shown.top + (shown.to - shown.from) * HEIGHT;
        expect(shown.to === lines || end >= scrolled + VIEW).toBe(true);
      }),
    );
  });

  it('reaches the last of two million', () => {
    const lines = 2_000_000;
    expect(windowOf(lines, HEIGHT, MOST_PIXELS - VIEW, VIEW).to).toBe(lines);
    expect(windowOf(lines, HEIGHT, 0, VIEW).from).toBe(0);
  });
});

describe('scrollTo', () => {
  it('brings a line into the view', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (lines, share) => {
        const line = Math.floor(share * (lines - 1));
        const to = scrollTo(line, lines, HEIGHT, 0, VIEW) ?? 0;
        const shown = windowOf(lines, HEIGHT, to, VIEW, 1);
        expect(line).toBeGreaterThanOrEqual(shown.from);
        expect(line).toBeLessThan(shown.to);
      }),
    );
  });

  it('leaves the view where it is when the line is there', () => {
    expect(scrollTo(3, 100, HEIGHT, 0, VIEW)).toBeNull();
  });
});
