import { attribute } from '../../core/node';
import { defineTag } from '../../core/registry';
import { t } from '../../core/text';
import { focusField } from './fields';

export default defineTag({
  tag: 'Filter',
  kind: 'visual',
  view: () => import('./view'),
  actions: (node, editor) =>
    attribute(node, 'hotkey') === ''
      ? []
      : [{ id: `filter:${node.key}`, title: t('Find a label'), group: t('Labels'), keys: [attribute(node, 'hotkey')], run: () => focusField(editor, node) }],
});
