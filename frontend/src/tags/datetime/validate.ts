import { attribute } from '../../core/node';
import { t } from '../../core/text';
import type { Editor, TagNode, TagProblem } from '../../core/types';
import { partsOf, toField } from './format';

/** Dates before `min` and after `max`. */
export function validate(node: TagNode, editor: Editor): readonly TagProblem[] {
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
}
