/** Which key chooses which label or choice. */
import { attribute, walk } from './node';
import { tagSpec } from './tag-table';
import type { TagNode } from './types';

/** The keys that are given out, in this order, over the whole config. */
export const AUTOMATIC_KEYS = '1234567890qwetasdfgzxcvbyiopjklnm';

/** Whether the node is one label or choice of a control with a flat list of keys. */
function wantsKey(node: TagNode): boolean {
  if (node.tag !== 'Label' && node.tag !== 'Choice') return false;
  const owner = controlOf(node);
  return owner !== null && owner.tag !== 'Taxonomy' && !(owner.tag === 'Choices' && attribute(owner, 'layout') === 'select');
}

/** The control that a label or choice belongs to. */
export function controlOf(node: TagNode): TagNode | null {
  for (let above = node.parent; above; above = above.parent) {
    if (tagSpec(above.tag)?.labelTag === node.tag) return above;
  }
  return null;
}

/**
 * Keys by `TagNode.key`. Explicit `hotkey`s first; the rest of labels and choices get the next free of `AUTOMATIC_KEYS`
 * in the order of the config. Tags without labels take no key, so that adding one does not move the others.
 */
export function assignHotkeys(root: TagNode): ReadonlyMap<string, string> {
  const nodes = [...walk(root)];
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  for (const node of nodes) {
    const own = node.attributes.hotkey?.trim().toLowerCase();
    if (!own) continue;
    taken.add(own);
    keys.set(node.key, own);
  }
  const free = [...AUTOMATIC_KEYS].filter((key) => !taken.has(key));
  for (const node of nodes) {
    if (keys.has(node.key) || !wantsKey(node)) continue;
    const next = free.shift();
    if (next === undefined) break;
    keys.set(node.key, next);
  }
  return keys;
}

const assigned = new WeakMap<TagNode, ReadonlyMap<string, string>>();

/** The key of one label or choice of the tree `root`; `''` when it has none. */
export function assignedKey(root: TagNode, node: TagNode): string {
  let keys = assigned.get(root);
  if (!keys) {
    keys = assignHotkeys(root);
    assigned.set(root, keys);
  }
  return keys.get(node.key) ?? '';
}
