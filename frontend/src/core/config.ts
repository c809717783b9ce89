/** XML to the canonical tree that `labeling/README.md` defines: the Python interpreter makes the same. */
import { findTag, tagSpec } from './tag-table';
import type { ConfigNode } from './types';
import { readXml, type XmlElement } from './xml';

export { ConfigError } from './xml';

/** As Python sorts: by code points, not by UTF-16 units. */
function byCodePoint(a: string, b: string): number {
  const left = Array.from(a, (character) => character.codePointAt(0) ?? 0);
  const right = Array.from(b, (character) => character.codePointAt(0) ?? 0);
  const at = left.findIndex((point, index) => point !== right[index]);
  return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
}

function toNode(element: XmlElement): ConfigNode {
  const spec = findTag(element.name);
  const attributes: Record<string, string> = {};
  for (const [name, value] of element.attributes) attributes[spec?.names.get(name.toLowerCase()) ?? name] = value;
  const text = element.markup ?? (element.children.length ? '' : element.text);
  return {
    tag: spec?.tag ?? element.name,
    attributes,
    text: /[^ \t\r\n]/.test(text) ? text : null,
    children: element.children.map(toNode),
  };
}

function each(node: ConfigNode, visit: (node: ConfigNode) => void): void {
  visit(node);
  for (const child of node.children) each(child, visit);
}

function sortKeys(node: ConfigNode): void {
  node.attributes = Object.fromEntries(Object.entries(node.attributes).sort(([a], [b]) => byCodePoint(a, b)));
}

/** The tree of a config. Throws `ConfigError` when it is not well-formed. */
export function parseConfig(xml: string): ConfigNode {
  const root = toNode(readXml(xml, (name) => findTag(name)?.markup === true));
  const objects: ConfigNode[] = [];
  each(root, (node) => {
    if (tagSpec(node.tag)?.kind === 'object') objects.push(node);
  });
  const only = objects.length === 1 ? objects[0]?.attributes.name : undefined;
  each(root, (node) => {
    if (only && tagSpec(node.tag)?.fillsToName && !('toName' in node.attributes)) node.attributes.toName = only;
    sortKeys(node);
  });
  return root;
}
