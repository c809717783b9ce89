import { defineTag } from '../../core/registry';
import { t } from '../../core/text';
import type { RegionField, ResultRow } from '../../core/types';
import { shiftedSpan } from '../../spans/sources';

const offset = (row: ResultRow, edge: 'start' | 'end') => Number((row.value?.globalOffsets as Record<string, unknown> | undefined)?.[edge]);

const field = (edge: 'start' | 'end', title: string): RegionField => ({
  key: edge,
  title,
  min: 0,
  step: 1,
  digits: 0,
  read: (row) => offset(row, edge),
  apply: (typed, row, editor) => shiftedSpan(edge, typed - offset(row, edge), row, editor),
});

export default defineTag({
  tag: 'HyperText',
  kind: 'object',
  view: () => import('./view'),
  describe: (row) => (typeof row.value?.text === 'string' ? row.value.text : ''),
  fields: (row) => (Number.isNaN(offset(row, 'start')) ? [] : [field('start', t('Start')), field('end', t('End'))]),
});
