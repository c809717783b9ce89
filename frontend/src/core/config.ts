/** XML to the canonical tree that `labeling/README.md` defines: the Python interpreter makes the same. */
import { findTag, tagSpec } from './tag-table';
import type { ConfigNode } from './types';
import { readXml, type XmlElement } from './xml';

export { ConfigError } from './xml';

const byCodePoint = (a: string, b: string) => {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const difference = (left[i] as string).codePointAt(0)! - (right[i] as string).codePointAt(0)!;
    if (difference) return difference;
  }
  return left.length - right.length;
};

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
