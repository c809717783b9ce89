/** For tests: an editor of a config and its task. */

import { parseConfig } from './config';
import { AnnotationEditor } from './editor';
import { expandConfig } from './expand';
import type { ResultRow, TagNode } from './types';

export function editorOf(config: string, data: Record<string, unknown> = {}, rows: readonly ResultRow[] = []): AnnotationEditor {
  const said: string[] = [];
  const editor = new AnnotationEditor({ root: expandConfig(parseConfig(config), data), data, rows, say: (sentence) => said.push(sentence) });
  return Object.assign(editor, { said });
}

export function named(editor: AnnotationEditor, name: string): TagNode {
  const node = editor.nodes.get(name);
  if (!node) throw new Error(`No tag is named ${name}.`);
  return node;
}
