import { defineTag } from '../../core/registry';
import { t } from '../../core/text';
import { clockText } from '../../timeline/axis';

export default defineTag({
  tag: 'Audio',
  kind: 'object',
  view: () => import('./view'),
  describe: ({ value }) =>
    typeof value?.start === 'number' && typeof value.end === 'number' ? `${clockText(value.start, 2)} – ${clockText(value.end, 2)}` : '',
  fields: () => [
    { key: 'start', title: t('Start'), unit: 's', min: 0, step: 0.01, digits: 3, apply: (typed, row) => ({ start: Math.min(typed, Number(row.value?.end)) }) },
    { key: 'end', title: t('End'), unit: 's', min: 0, step: 0.01, digits: 3, apply: (typed, row) => ({ end: Math.max(typed, Number(row.value?.start)) }) },
  ],
});
