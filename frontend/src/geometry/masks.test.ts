/** Label Studio's masks: read and written byte by byte as its own code and our Python reads them; painted, shifted, kept in tiles. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeTiles, encodeRaster, Raster, shifted, stroke } from './raster';
import { decodeAlpha, MaskRefused } from './rle';

interface Vector {
  name: string;
  width: number;
  height: number;
  runs: [value: number, pixels: number][];
  /** As Label Studio's SDK writes it. */
  rle: number[];
  /** As we write it. */
  written: number[];
}

const file = join(import.meta.dirname, '../../../labeling/vectors/masks.json');
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };
const bytesOf = ({ runs }: Pick<Vector, 'runs'>) => Uint8Array.from(runs.flatMap(([value, pixels]) => Array<number>(pixels).fill(value)));

describe.each(vectors)('$name', (vector) => {
  const { width, height, rle, written } = vector;
  test('is read from what others wrote', () => {
    expect(decodeAlpha(Uint8Array.from(rle), width * height)).toEqual(bytesOf(vector));
  });

  test('is written as always', () => {
    const raster = Raster.fromTiles(width, height, decodeTiles(Uint8Array.from(rle), width, height));
    expect(raster.toBytes()).toEqual(bytesOf(vector));
    expect([...encodeRaster(raster)]).toEqual(written);
    expect(decodeAlpha(Uint8Array.from(written), width * height)).toEqual(bytesOf(vector));
  });
});

test('any mask comes back equal', () => {
  const strokes = fc.array(
    fc.record({
      x: fc.integer({ min: -20, max: 620 }),
      y: fc.integer({ min: -20, max: 320 }),
      radius: fc.integer({ min: 1, max: 30 }),
      value: fc.constantFrom(0, 255, 128),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(strokes, (dabs) => {
      const raster = new Raster(600, 300);
      for (const dab of dabs) stroke(raster, dab, { ...dab, x: dab.x + 30 }, dab.value);
      const bytes = raster.toBytes();
      expect(decodeAlpha(encodeRaster(raster), 600 * 300).every((value, at) => value === bytes[at])).toBe(true);
      expect(raster.count).toBe(bytes.filter((value) => value > 0).length);
    }),
    { numRuns: 25 },
  );
});

test('what is no mask of that size is refused', () => {
  const [{ rle }] = vectors as [Vector];
  expect(() => decodeAlpha(Uint8Array.from(rle), 100)).toThrow(MaskRefused);
  expect(() => decodeAlpha(Uint8Array.from(rle.slice(0, 5)), 153)).toThrow(MaskRefused);
  expect(() => decodeAlpha(Uint8Array.from(rle.slice(0, 9)), 153)).toThrow(MaskRefused);
});

describe('painting', () => {
  test('a dab is a disc by the middles of pixels; erasing takes it away', () => {
    const raster = new Raster(100, 100);
    stroke(raster, { x: 50, y: 50, radius: 10 }, { x: 50, y: 50, radius: 10 }, 255);
    expect(raster.count).toBeGreaterThan(Math.PI * 100 - 8);
    expect(raster.count).toBeLessThan(Math.PI * 100 + 8);
    expect(raster.bounds).toEqual({ minX: 40, minY: 40, maxX: 60, maxY: 60 });
    stroke(raster, { x: 50, y: 50, radius: 11 }, { x: 50, y: 50, radius: 11 }, 0);
    expect([raster.count, raster.bounds]).toEqual([0, null]);
  });

  test('versions share what was not painted on', () => {
    const before = new Raster(1000, 1000);
    stroke(before, { x: 100, y: 100, radius: 5 }, { x: 900, y: 900, radius: 5 }, 255);
    const after = before.fork();
    stroke(after, { x: 100, y: 100, radius: 20 }, { x: 100, y: 100, radius: 20 }, 255);
    expect(after.tile(0)).not.toBe(before.tile(0));
    expect(after.tile(15)).toBe(before.tile(15));
    expect(before.at(100, 115)).toBe(0);
    expect(after.at(100, 115)).toBe(255);
  });

  test('a mask is moved by pixels', () => {
    const raster = new Raster(600, 400);
    stroke(raster, { x: 250, y: 250, radius: 20 }, { x: 270, y: 250, radius: 20 }, 255);
    const moved = shifted(raster, 30, -10);
    expect(moved.count).toBe(raster.count);
    expect(moved.bounds).toEqual({ minX: 260, minY: 220, maxX: 320, maxY: 260 });
  });
});
