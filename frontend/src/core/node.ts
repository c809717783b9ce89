/** Reading attributes of a tag, with the defaults of the language. */
import { tagSpec } from './tag-table';
import type { TagNode } from './types';

/** The attribute, or its default in the language, or `''`. */
export function attribute(node: Pick<TagNode, 'tag' | 'attributes'>, name: string): string {
  return node.attributes[name] ?? tagSpec(node.tag)?.defaults[name] ?? '';
}

/** Whether a boolean attribute is on. */
export function flag(node: Pick<TagNode, 'tag' | 'attributes'>, name: string): boolean {
  return attribute(node, name).trim().toLowerCase() === 'true';
}

/** A number attribute; `otherwise` when it is missing or no number. */
export function numeric(node: Pick<TagNode, 'tag' | 'attributes'>, name: string, otherwise = Number.NaN): number {
  const text = attribute(node, name).trim();
  const value = text === '' ? Number.NaN : Number.parseFloat(text);
  return Number.isNaN(value) ? otherwise : value;
}

/** Whether a question is asked in the panel of the selected region, rather than in the task. */
export function isInPanel(node: TagNode): boolean {
  return node.attributes.displayMode === 'region-list' && flag(node, 'perRegion');
}

/** A node and everything below it, in the order of the config. */
export function* walk(node: TagNode): Generator<TagNode> {
  yield node;
  for (const child of node.children) yield* walk(child);
}
