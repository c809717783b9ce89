import { type Signal, signal } from '@preact/signals-core';
import type { Editor, TagNode } from '../../core/types';

const pages = new WeakMap<Editor, Map<string, Signal<number>>>();

/** Which page of a paged view is shown. */
export function pageOf(editor: Editor, node: TagNode): Signal<number> {
  const known = pages.get(editor) ?? new Map<string, Signal<number>>();
  pages.set(editor, known);
  const page = known.get(node.key) ?? signal(0);
  known.set(node.key, page);
  return page;
}
