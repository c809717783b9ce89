import { defineTag } from '../../core/registry';
import { t } from '../../core/text';
import { assignedPair } from './sides';

export default defineTag({
  tag: 'Pairwise',
  kind: 'answer',
  resultTypes: ['pairwise'],
  view: () => import('./view'),
  describe: (row) => String(row.value?.selected ?? ''),
  actions: (node, editor) =>
    assignedPair(node).map(({ stored, title, key }) => ({
      id: `pairwise:${node.key}:${stored}`,
      title,
      group: t('Answers'),
      keys: [key],
      when: () => !editor.readonly.peek() && editor.isVisible(node),
      run: () => editor.setAnswer(node, editor.answer(node)?.value?.selected === stored ? null : { selected: stored }),
    })),
});
