import { defineTag } from '../../core/registry';
import { t } from '../../core/text';
import { shiftedSpan } from '../../spans/sources';

export default defineTag({
  tag: 'Text',
  kind: 'object',
  view: () => import('./view'),
  describe: (row) => (typeof row.value?.text === 'string' ? row.value.text : ''),
  fields: () => [
    {
      key: 'start',
      title: t('Start'),
      min: 0,
      step: 1,
      digits: 0,
      apply: (typed, row, editor) => shiftedSpan('start', typed - Number(row.value?.start), row, editor),
    },
    { key: 'end', title: t('End'), min: 0, step: 1, digits: 0, apply: (typed, row, editor) => shiftedSpan('end', typed - Number(row.value?.end), row, editor) },
  ],
});
