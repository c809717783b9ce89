/** What keeps an annotation from being submitted, asked of the config and of every tag in it. */
import { tagDefinition } from './registry';
import { findProblems } from './required';
import type { Editor, TagProblem } from './types';

export function problemsOf(editor: Editor): readonly TagProblem[] {
  return findProblems(editor, (node) => tagDefinition(node.tag)?.validate?.(node, editor) ?? []);
}
