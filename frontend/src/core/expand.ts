/** A config tree made ready for one task: Repeaters unrolled, `$variables` put in, children that the task brings added. */
import { attribute } from './node';
import { tagSpec } from './tag-table';
import type { ConfigNode, TagNode } from './types';
import { interpolate, isRecord, lookUp } from './variables';

type Draft = { -readonly [K in keyof TagNode]: TagNode[K] };

/** Replaces the index flag of a Repeater in everything that is written below it. */
function substitute(node: ConfigNode, flag: string, index: number): ConfigNode {
  const put = (text: string) => text.replaceAll(flag, String(index));
  return {
    tag: node.tag,
    attributes: Object.fromEntries(Object.entries(node.attributes).map(([name, value]) => [name, put(value)])),
    text: node.text === null ? null : put(node.text),
    children: node.children.map((child) => substitute(child, flag, index)),
  };
}

function unroll(node: ConfigNode, data: unknown): ConfigNode[] {
  const list = lookUp((node.attributes.on ?? '').replace(/^\$/, ''), data);
  const flag = attribute(node, 'indexFlag') || '{{idx}}';
  const items = Array.isArray(list) ? list : [];
  const copies = items.map((_, index) => node.children.map((child) => substitute(child, flag, index)));
  if (attribute(node, 'mode') !== 'pagination') return copies.flat().flatMap((child) => (child.tag === 'Repeater' ? unroll(child, data) : [child]));
  const pages = copies.map((children) => ({ tag: 'View', attributes: {}, text: null, children }));
  return [{ tag: 'PagedView', attributes: {}, text: null, children: pages }];
}

const dynamicKeys = ['value', 'alias', 'background', 'html', 'hint', 'hotkey', 'selected', 'color', 'showAlias', 'size'];

/** A child that the task describes: a plain string, or an object with `value` and more. */
function dynamicChild(tag: string, item: unknown): ConfigNode | undefined {
  if (typeof item === 'string' || typeof item === 'number') return { tag, attributes: { value: String(item) }, text: null, children: [] };
  if (!isRecord(item)) return undefined;
  const attributes: Record<string, string> = {};
  for (const key of dynamicKeys) {
    const value = item[key];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') attributes[key] = String(value);
  }
  const children = Array.isArray(item.children) ? item.children : [];
  return { tag, attributes, text: null, children: children.map((child) => dynamicChild(tag, child)).filter((child) => child !== undefined) };
}

function build(node: ConfigNode, data: unknown, key: string, parent: TagNode | null, isDynamic: boolean): TagNode {
  const spec = tagSpec(node.tag);
  const attributes: Record<string, string> = isDynamic ? node.attributes : {};
  if (!isDynamic) {
    for (const [name, value] of Object.entries(node.attributes)) {
      const replaced = spec?.variables.includes(name) || name === 'style' ? interpolate(value, data) : value;
      attributes[name] = typeof replaced === 'string' ? replaced : name === 'value' ? value : JSON.stringify(replaced);
    }
  }
  const template = node.attributes.value ?? node.text?.trim() ?? '';
  const value = isDynamic ? template : interpolate(template, data);
  const made: Draft = {
    key,
    tag: node.tag,
    attributes,
    text: node.text,
    children: [],
    parent,
    name: node.attributes.name ?? '',
    toName: (node.attributes.toName ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    value,
  };
  const children = node.children.flatMap((child) => (child.tag === 'Repeater' && !isDynamic ? unroll(child, data) : [child]));
  const known = children.map((child, index) => build(child, data, `${key}.${index}`, made, isDynamic));
  if (spec?.labelTag && spec.kind === 'control' && Array.isArray(value)) {
    const labelTag = spec.labelTag;
    const extra = value.map((item) => dynamicChild(labelTag, item)).filter((child) => child !== undefined);
    made.children = [...known, ...extra.map((child, index) => build(child, data, `${key}.+${index}`, made, true))];
  } else made.children = known;
  return made;
}

/** The tree of `config` for a task with this data. */
export function expandConfig(config: ConfigNode, data: unknown): TagNode {
  const roots = config.tag === 'Repeater' ? [{ tag: 'View', attributes: {}, text: null, children: [config] }] : [config];
  return build(roots[0] as ConfigNode, data, '0', null, false);
}
