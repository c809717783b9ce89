import { describe, expect, it } from 'vitest';
import { editorOf } from '../../core/testing';
import { ocrShape, type PageSize } from '../ocrlabels/shape';
import { fields, describe as words } from '../ocrlabels/tool';
import { textIn, wordsOf } from './page-text';

const ITEMS = [
  { str: 'Total due', transform: [10, 0, 0, 10, 100, 700], width: 90, height: 10, hasEOL: true },
  { str: '119.00', transform: [10, 0, 0, 10, 100, 680], width: 60, height: 10, hasEOL: false },
  { str: ' ', transform: [10, 0, 0, 10, 160, 680], width: 5, height: 0, hasEOL: false },
  { str: 'EUR', transform: [10, 0, 0, 10, 170, 680], width: 30, height: 10, hasEOL: false },
  { type: 'beginMarkedContent' },
];
const found = wordsOf(ITEMS, (x, y) => [x, 800 - y]);
const SIZE: PageSize = { width: 600, height: 800, page: 2, textIn: (box) => textIn(found, box) };

describe('the text of a page', () => {
  it('is that of the words in an area, lines apart', () => {
    expect(textIn(found, { minX: 0, minY: 0, maxX: 600, maxY: 800 })).toBe('Total due\n119.00 EUR');
    expect(textIn(found, { minX: 90, minY: 85, maxX: 152, maxY: 105 })).toBe('Total');
    expect(textIn(found, { minX: 0, minY: 300, maxX: 600, maxY: 800 })).toBe('');
  });
});

describe('an area of a page', () => {
  const stored = { x: 0.125, y: 0.5, width: 0.25, height: 0.03, rotation: 0, pageIndex: 2, ocrtext: '119.00', ocrlabels: ['Total'] };

  it('is read on its page, and written in shares of it with its text', () => {
    expect(ocrShape.read(stored, SIZE)).toEqual({ x: 75, y: 400, width: 150, height: 24, rotation: 0 });
    expect(ocrShape.read(stored, { ...SIZE, page: 1 } as PageSize)).toBeNull();
    expect(ocrShape.write({ x: 90, y: 108, width: 120, height: 24, rotation: 0 }, SIZE)).toEqual({
      x: 0.15,
      y: 0.135,
      width: 0.2,
      height: 0.03,
      rotation: 0,
      pageIndex: 2,
      ocrtext: '119.00 EUR',
    });
  });

  it('says its text, and its place in percent', () => {
    const row = { type: 'ocrlabels', value: stored } as never;
    const editor = editorOf('<View><Pdf name="pdf" value="$pdf"/></View>');
    expect(words(row)).toBe('119.00');
    expect(fields().map((field) => field.read?.(row))).toEqual([12.5, 50, 25, 3]);
    expect(fields()[0]?.apply?.(20, row, editor)).toEqual({ x: 0.2 });
  });
});
