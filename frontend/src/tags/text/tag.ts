import { defineTag } from '../../core/registry';
import { t } from '../../core/text';
import { movedSpan } from '../../spans/sources';

export default defineTag({
  tag: 'Text',
  kind: 'object',
  view: () => import('./view'),
  describe: (row) => (typeof row.value?.text === 'string' ? row.value.text : ''),
  fields: () => [
    { key: 'start', title: t('Start'), min: 0, step: 1, digits: 0, apply: (typed, row, editor) => movedSpan('start', typed, row, editor) },
    { key: 'end', title: t('End'), min: 0, step: 1, digits: 0, apply: (typed, row, editor) => movedSpan('end', typed, row, editor) },
  ],
});
