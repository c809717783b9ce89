import { defineTag } from '../../core/registry';
import { t } from '../../core/text';
import { pageOf } from './pages';

export default defineTag({
  tag: 'PagedView',
  kind: 'visual',
  view: () => import('./view'),
  actions: (node, editor) => [
    {
      id: `page:next:${node.key}`,
      title: t('Next page'),
      group: t('View'),
      keys: ['alt+right'],
      when: () => pageOf(editor, node).peek() + 1 < node.children.length,
      run: () => {
        pageOf(editor, node).value += 1;
      },
    },
    {
      id: `page:previous:${node.key}`,
      title: t('Previous page'),
      group: t('View'),
      keys: ['alt+left'],
      when: () => pageOf(editor, node).peek() > 0,
      run: () => {
        pageOf(editor, node).value -= 1;
      },
    },
  ],
});
