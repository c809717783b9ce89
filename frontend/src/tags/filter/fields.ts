/** The fields of Filter tags on screen, for the key that moves there. */
import type { Editor, TagNode } from '../../core/types';

const fields = new WeakMap<Editor, Map<string, HTMLInputElement>>();

export function registerField(editor: Editor, node: TagNode, field: HTMLInputElement): () => void {
  const known = fields.get(editor) ?? new Map<string, HTMLInputElement>();
  fields.set(editor, known);
  known.set(node.key, field);
  return () => known.delete(node.key);
}

export function focusField(editor: Editor, node: TagNode): boolean {
  const field = fields.get(editor)?.get(node.key);
  field?.focus();
  field?.select();
  return field !== undefined;
}
