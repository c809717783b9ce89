/** The labels a config offers: what is stored, what is shown, which colour and key. */
import { colorAt } from './colors';
import { assignHotkeys, controlOf } from './hotkeys';
import { attribute, numeric, walk } from './node';
import type { LabelInfo, TagNode } from './types';

export class LabelBook {
  readonly hotkeys: ReadonlyMap<string, string>;
  private readonly lists = new Map<string, LabelInfo[]>();
  private readonly byStored = new Map<string, LabelInfo>();

  constructor(root: TagNode) {
    this.hotkeys = assignHotkeys(root);
    const colors = new Map<string, string>();
    for (const node of walk(root)) {
      if (node.tag !== 'Label' && node.tag !== 'Choice' && node.tag !== 'Relation') continue;
      const control = controlOf(node);
      if (!control) continue;
      const title = String(node.value ?? '');
      const stored = node.attributes.alias || title;
      // One text has one colour in the whole config, so that linked label sets agree.
      const own = attribute(node, 'background') || attribute(node, 'color');
      // Relations and taxonomies do not use up colours that regions need.
      const isShown = node.tag === 'Label' || control.tag === 'Choices';
      const color = own || colors.get(title) || colorAt(isShown ? colors.size : 0);
      if (isShown) colors.set(title, color);
      const info: LabelInfo = {
        stored,
        title: node.attributes.showAlias === 'true' && node.attributes.alias ? `${title} (${node.attributes.alias})` : title,
        color,
        hotkey: this.hotkeys.get(node.key) ?? '',
        hint: attribute(node, 'hint'),
        control: control.name,
        maxUsages: numeric(node, 'maxUsages', numeric(control, 'maxUsages', Number.POSITIVE_INFINITY)),
        node,
      };
      const list = this.lists.get(control.name) ?? [];
      list.push(info);
      this.lists.set(control.name, list);
      for (const name of [stored, title]) {
        const key = `${control.name}\n${name}`;
        if (!this.byStored.has(key) || name === stored) this.byStored.set(key, info);
      }
    }
  }

  of(control: string): readonly LabelInfo[] {
    return this.lists.get(control) ?? [];
  }

  /** By what is stored; results from elsewhere that hold the title instead of the alias are found too. */
  find(control: string, stored: string): LabelInfo | undefined {
    return this.byStored.get(`${control}\n${stored}`);
  }
}
