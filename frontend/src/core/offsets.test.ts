import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OffsetIndex } from './offsets';

const text = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '\n', '😀', '𝒜', '漢', '👩‍🚀') });

describe('offsets', () => {
  it('count code points where astral characters take two units', () => {
    const index = new OffsetIndex('a😀b𝒜c');
    expect(index.codePoints).toBe(5);
    expect([0, 1, 2, 3, 4, 5].map((at) => index.toUnits(at))).toEqual([0, 1, 3, 4, 6, 7]);
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((at) => index.toCodePoints(at))).toEqual([0, 1, 1, 2, 3, 3, 4, 5]);
    expect(index.slice(1, 4)).toBe('😀b𝒜');
  });

  it('clamp to the text', () => {
    const index = new OffsetIndex('😀');
    expect([index.toUnits(-1), index.toUnits(9), index.toCodePoints(-1), index.toCodePoints(9)]).toEqual([0, 2, 0, 1]);
  });

  it('leave a lone surrogate as one character', () => {
    const index = new OffsetIndex('a\ud83db');
    expect(index.codePoints).toBe(3);
    expect(index.toUnits(2)).toBe(2);
  });

  it('go there and back for every text', () => {
    fc.assert(
      fc.property(text, (value) => {
        const index = new OffsetIndex(value);
        const points = [...value];
        expect(index.codePoints).toBe(points.length);
        let units = 0;
        points.forEach((point, at) => {
          expect(index.toUnits(at)).toBe(units);
          expect(index.toCodePoints(units)).toBe(at);
          units += point.length;
        });
      }),
    );
  });
});
