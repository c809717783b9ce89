import { expect, test } from 'vitest';
import { floodFill, smoothed } from './fill';

/** A picture of one letter per pixel: its colour. */
function picture(...rows: string[]) {
  const [width, height] = [(rows[0] as string).length, rows.length];
  const data = new Uint8ClampedArray(width * height * 4);
  rows
    .join('')
    .split('')
    .forEach((letter, at) => {
      data.fill(Number.parseInt(letter, 36) * 7, at * 4, at * 4 + 3);
    });
  return { width, height, data };
}
const shown = (mask: Uint8Array, width: number) => Array.from({ length: mask.length / width }, (_, row) => mask.slice(row * width, (row + 1) * width).join(''));

test('what is joined and of about the colour is taken', () => {
  const spiral = picture('11111', '99991', '11191', '19191', '19991', '11111');
  expect(shown(floodFill(spiral, 0, 0, 10), 5)).toEqual(['11111', '00001', '11101', '10101', '10001', '11111']);
  expect(floodFill(spiral, 0, 0, 100).every((value) => value === 1)).toBe(true);
  expect(shown(floodFill(picture('123456'), 2, 0, 7), 6)).toEqual(['011100']);
});

test('smoothing fills holes, rounds corners and drops specks', () => {
  const block = ['0001', '0000', '0000', '0000', '0000', '0000', '0000', '0000'].map((end) => `0000000${end}`);
  for (const row of [2, 3, 4, 5]) block[row] = '00111110000';
  block[3] = '00110110000';
  const mask = Uint8Array.from(block.join('').split('').map(Number));
  const wanted = ['00000000000', '00000000000', '00011100000', '00111110000', '00111110000', '00011100000', '00000000000', '00000000000'];
  expect(shown(smoothed(mask, 11, 8, 1), 11)).toEqual(wanted);
});
