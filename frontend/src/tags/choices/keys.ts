/** One action per choice with a key. */
import type { Action } from '../../core/actions';
import { assignedKey } from '../../core/hotkeys';
import { t } from '../../core/text';
import type { Editor, TagNode } from '../../core/types';
import { type Option, optionsBelow, toggleOption } from './picked';

export function choiceActions(control: TagNode, editor: Editor): Action[] {
  const actions: Action[] = [];
  const visit = (option: Option) => {
    const key = assignedKey(editor.root, option.node);
    if (key) {
      actions.push({
        id: `choice:${control.key}:${option.path.join('/')}`,
        title: option.title,
        group: t('Choices'),
        keys: [key],
        quiet: true,
        when: () => editor.settings.peek().labelHotkeys && !editor.readonly.peek() && editor.isVisible(control),
        run: () => toggleOption(editor, control, option),
      });
    }
    option.children.forEach(visit);
  };
  optionsBelow(control).forEach(visit);
  return actions;
}
