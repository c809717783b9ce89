import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoxIndex } from './box-index';
import { intersects } from './plane';

const number = (max: number) => fc.double({ min: -50, max, noNaN: true });
const box = fc.tuple(number(1000), number(1000), fc.oneof(number(30), number(900)), fc.oneof(number(30), number(900))).map(([minX, minY, width, height]) => ({
  minX,
  minY,
  maxX: minX + Math.abs(width),
  maxY: minY + Math.abs(height),
}));

test('finds exactly the boxes that touch, in order', () => {
  fc.assert(
    fc.property(fc.array(box, { maxLength: 200 }), fc.array(box, { minLength: 1, maxLength: 5 }), (boxes, queries) => {
      const index = new BoxIndex(boxes);
      for (const query of queries) expect(index.search(query)).toEqual(boxes.flatMap((one, place) => (intersects(one, query) ? [place] : [])));
    }),
  );
});

test('boxes without extent and queries far away are no trouble', () => {
  const point = { minX: 5, minY: 5, maxX: 5, maxY: 5 };
  expect(new BoxIndex([point, point]).search(point)).toEqual([0, 1]);
  expect(new BoxIndex([point]).search({ minX: 900, minY: 900, maxX: 901, maxY: 901 })).toEqual([]);
  expect(new BoxIndex([]).search(point)).toEqual([]);
});
