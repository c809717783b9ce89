/** Painting masks that are stored as pictures, pixel by pixel. */

import type { ToolFactory } from '../../core/tool';
import type { ResultRow } from '../../core/types';
import { pictureOf, rememberPicture } from '../brush/masks';
import { maskShape } from '../brush/shape';
import { areaWords, brushFor, eraserFor } from '../brush/tool';
import { pngOf } from './png';

const bitmaskShape = maskShape('bitmask', ['bitmask', 'bitmasklabels'], {
  read: ({ imageDataURL }, size) => (typeof imageDataURL === 'string' ? pictureOf(imageDataURL, size) : null),
  write(raster) {
    const imageDataURL = pngOf(raster);
    rememberPicture(imageDataURL, raster);
    return { imageDataURL };
  },
});

export default brushFor(bitmaskShape);
export const more: readonly ToolFactory[] = [eraserFor(bitmaskShape)];
export { bitmaskShape as shape };

export function describe(row: ResultRow): string {
  const { original_width: width, original_height: height, value } = row;
  if (typeof width !== 'number' || typeof height !== 'number' || !value) return '';
  const count = bitmaskShape.read(value, { width, height })?.raster?.count;
  return count === undefined ? '' : areaWords(count, width * height);
}
