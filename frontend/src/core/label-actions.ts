/** One action per label with a key; for the `actions` of every control with labels. */
import type { Action } from './actions';
import { t } from './text';
import type { Editor, TagNode } from './types';

export function labelActions(control: TagNode, editor: Editor): Action[] {
  return editor
    .labelsOf(control.name)
    .filter((label) => label.hotkey !== '')
    .map((label) => ({
      id: `label:${control.name}:${label.stored}`,
      title: label.title,
      group: t('Labels'),
      keys: [label.hotkey],
      quiet: true,
      when: () => editor.settings.peek().labelHotkeys && !editor.readonly.peek() && editor.isVisible(control),
      run: () => editor.toggleLabel(control.name, label.stored),
    }));
}
