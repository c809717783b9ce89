/** Areas of the pages of a document: shares of the page (0 to 1), the page's number from 1, and the text that stands in them. */
import type { Box, Size } from '../../geometry/plane';
import { fromPercent, hull, type Rectangle, toPercent } from '../../geometry/rectangle';
import type { ShapeKind } from '../../stage/shape';
import { rectangleShape } from '../rectangle/shape';

/** A page: its size, which it is, and what is written in a part of it. */
export interface PageSize extends Size {
  /** From 1. */
  readonly page: number;
  readonly textIn: (box: Box) => string;
}

const PLACE = ['x', 'y', 'width', 'height'] as const;

const onPage = (size: Size): PageSize => ({ page: 1, textIn: () => '', ...size });

export const ocrShape: ShapeKind<Rectangle> = {
  ...rectangleShape,
  kind: 'ocr',
  types: ['ocrlabels'],
  read(value, size) {
    if ((typeof value.pageIndex === 'number' ? value.pageIndex : 1) !== onPage(size).page) return null;
    const percent = Object.fromEntries(PLACE.map((key) => [key, typeof value[key] === 'number' ? value[key] * 100 : undefined]));
    return fromPercent({ ...percent, rotation: value.rotation }, size);
  },
  write(geometry, size, before) {
    const { page, textIn } = onPage(size);
    const { rotation, ...percent } = toPercent(geometry, size);
    const place = Object.entries(percent).filter(([key]) => !before || geometry[key as keyof Rectangle] !== before[key as keyof Rectangle]);
    const text = textIn(hull(geometry));
    return {
      ...Object.fromEntries(place.map(([key, value]) => [key, value / 100])),
      rotation,
      ...(!before && { pageIndex: page }),
      ...(text !== '' && { ocrtext: text }),
    };
  },
};
