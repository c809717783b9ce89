import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';
import { t } from '../../core/text';
import type { RegionField } from '../../core/types';
import { rangeOf } from './ranges';

const field = (key: 'start' | 'end', title: string): RegionField => ({
  key,
  title,
  min: 1,
  step: 1,
  digits: 0,
  read: (row) => rangeOf(row.value)?.[key] ?? 0,
  apply: (typed, row) => {
    const { start, end } = rangeOf(row.value) ?? { start: typed, end: typed };
    const frame = Math.round(typed);
    return { ranges: [key === 'start' ? { start: Math.min(frame, end), end } : { start, end: Math.max(frame, start) }] };
  },
});

export default defineTag({
  tag: 'TimelineLabels',
  kind: 'region',
  resultTypes: ['timelinelabels'],
  view: () => import('../../ui/label-bar'),
  describe: ({ value }) => {
    const range = rangeOf(value);
    return range ? t('frames {start} to {end}', { start: range.start, end: range.end }) : '';
  },
  fields: (row) => (rangeOf(row.value) ? [field('start', t('First frame')), field('end', t('Last frame'))] : []),
  actions: labelActions,
});
