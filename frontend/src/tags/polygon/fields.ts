/** The numbers of a polygon: each corner, while they are few enough to read. */
import { plural, t } from '../../core/text';
import type { RegionField, ResultRow } from '../../core/types';

const MOST = 24;

const pointsOf = (row: ResultRow) => (Array.isArray(row.value?.points) ? (row.value.points as [number, number][]) : []);

export function polygonFields(row: ResultRow): readonly RegionField[] {
  const points = pointsOf(row);
  if (points.length > MOST) return [];
  return points.flatMap((_, index) =>
    [t('X'), t('Y')].map(
      (axis, side): RegionField => ({
        key: `points.${index}.${side}`,
        title: `${index + 1} ${axis}`,
        unit: '%',
        min: 0,
        max: 100,
        step: 0.1,
        digits: 2,
        read: (now) => pointsOf(now)[index]?.[side] ?? 0,
        apply: (typed, now) => ({ points: pointsOf(now).map((pair, at) => (at === index ? (side === 0 ? [typed, pair[1]] : [pair[0], typed]) : pair)) }),
      }),
    ),
  );
}

export function describePolygon(row: ResultRow): string {
  return plural(pointsOf(row).length, '{count} point', '{count} points');
}
