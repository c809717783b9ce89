import { attribute, numeric } from '../../core/node';
import { defineTag } from '../../core/registry';
import { t } from '../../core/text';

export default defineTag({
  tag: 'Number',
  kind: 'answer',
  resultTypes: ['number'],
  view: () => import('./view'),
  describe: (row) => (typeof row.value?.number === 'number' ? String(row.value.number) : ''),
  validate: (node, editor) => {
    const low = numeric(node, 'min', Number.NEGATIVE_INFINITY);
    const high = numeric(node, 'max', Number.POSITIVE_INFINITY);
    return editor.rows().flatMap(([, row]) => {
      const value = row.value?.number;
      if (row.from_name !== node.name || typeof value !== 'number' || (value >= low && value <= high)) return [];
      const message = value < low ? t('At least {number}, please.', { number: low }) : t('At most {number}, please.', { number: high });
      return [{ node, message, ...(row.id !== undefined && editor.regions.get(row.id) && { region: row.id }) }];
    });
  },
  actions: (node, editor) => {
    const key = attribute(node, 'hotkey');
    const focus = () => document.querySelector<HTMLInputElement>(`[data-control="${CSS.escape(node.name)}"] input`)?.focus();
    return key
      ? [
          {
            id: `number:${node.key}`,
            title: t('Go to {name}', { name: node.name }),
            group: t('Answers'),
            keys: [key],
            when: () => editor.isVisible(node),
            run: focus,
          },
        ]
      : [];
  },
});
