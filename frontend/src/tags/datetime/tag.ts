import { attribute } from '../../core/node';
import { defineTag } from '../../core/registry';
import { t } from '../../core/text';
import { partsOf, toField } from './format';

export default defineTag({
  tag: 'DateTime',
  kind: 'answer',
  resultTypes: ['datetime'],
  view: () => import('./view'),
  describe: (row) => (typeof row.value?.datetime === 'string' ? row.value.datetime : ''),
  validate: (node, editor) => {
    const parts = partsOf(attribute(node, 'only'));
    const low = attribute(node, 'min');
    const high = attribute(node, 'max');
    return editor.rows().flatMap(([, row]) => {
      const stored = row.value?.datetime;
      if (row.from_name !== node.name || typeof stored !== 'string' || stored === '') return [];
      const value = toField(stored, attribute(node, 'format'), parts);
      if (low && value < toField(low, '', parts)) return [{ node, message: t('Not before {date}, please.', { date: low }) }];
      if (high && value > toField(high, '', parts)) return [{ node, message: t('Not after {date}, please.', { date: high }) }];
      return [];
    });
  },
});
