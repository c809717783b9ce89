import { expect, it } from 'vitest';
import { tableRows } from './rows';

it('shows objects as names and values, lists of objects with a head, and JSON of either', () => {
  expect(tableRows({ a: 1, b: { c: 2 }, d: null }, '')).toEqual({
    head: null,
    rows: [
      ['a', '1'],
      ['b', '{"c":2}'],
      ['d', ''],
    ],
  });
  expect(tableRows('[{"a":1},{"b":2}]', '')).toEqual({
    head: ['a', 'b'],
    rows: [
      ['1', ''],
      ['', '2'],
    ],
  });
  expect(tableRows(['x', 'y'], '')).toEqual({
    head: null,
    rows: [
      ['1', 'x'],
      ['2', 'y'],
    ],
  });
  expect(() => tableRows('no', 'sentence')).toThrow('sentence');
});
