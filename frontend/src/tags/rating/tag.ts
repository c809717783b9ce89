import { attribute, numeric } from '../../core/node';
import { defineTag } from '../../core/registry';
import { t } from '../../core/text';

export default defineTag({
  tag: 'Rating',
  kind: 'answer',
  resultTypes: ['rating'],
  view: () => import('./view'),
  describe: (row) => (typeof row.value?.rating === 'number' ? '★'.repeat(Math.min(10, row.value.rating)) : ''),
  actions: (node, editor) => {
    const key = attribute(node, 'hotkey');
    if (!key) return [];
    const add = () => {
      const most = numeric(node, 'maxRating', 5);
      const current = Number(editor.answer(node)?.value?.rating ?? 0);
      editor.setAnswer(node, current >= most ? null : { rating: current + 1 });
    };
    return [
      {
        id: `rating:${node.key}`,
        title: t('One more star: {name}', { name: node.name }),
        group: t('Answers'),
        keys: [key],
        when: () => !editor.readonly.peek() && editor.isVisible(node),
        run: add,
      },
    ];
  },
});
