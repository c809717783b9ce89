import { t } from '../../core/text';
import type { RegionField, ResultRow } from '../../core/types';

const number = (row: ResultRow, key: string) => (typeof row.value?.[key] === 'number' ? (row.value[key] as number) : 0);

/** The numbers of a rectangle, in percent of the image; an upright one stays inside the image. */
export function rectangleFields(row: ResultRow): readonly RegionField[] {
  const upright = number(row, 'rotation') % 360 === 0;
  const room = (key: string) => (upright ? { min: 0, max: Math.max(0, 100 - number(row, key)) } : {});
  const percent = { unit: '%', step: 0.1, digits: 2 };
  return [
    { key: 'x', title: t('X'), ...percent, ...room('width') },
    { key: 'y', title: t('Y'), ...percent, ...room('height') },
    { key: 'width', title: t('Width'), ...percent, ...room('x'), min: 0.01 },
    { key: 'height', title: t('Height'), ...percent, ...room('y'), min: 0.01 },
    { key: 'rotation', title: t('Rotation'), unit: '°', min: 0, max: 360, step: 1, digits: 1 },
  ];
}

/** "120 × 40": its size in pixels, where the row says how large the image is. */
export function describeRectangle(row: ResultRow): string {
  const { original_width: width, original_height: height } = row;
  if (typeof width !== 'number' || typeof height !== 'number') return '';
  return `${Math.round((number(row, 'width') * width) / 100)} × ${Math.round((number(row, 'height') * height) / 100)}`;
}
