/** The list of regions as the outliner shows it: ordered, nested, folded. */
import { rowLabels } from './region';
import type { Editor, Region } from './types';

export type OutlineOrder = 'time' | 'label' | 'score' | 'place';

export interface OutlineItem {
  region: Region;
  level: number;
  hasChildren: boolean;
  /** Place among its siblings, from 1, and how many they are: for screen readers. */
  position: number;
  siblings: number;
}

function startOf(region: Region): number {
  const value = region.main.value ?? {};
  const item = region.item ?? 0;
  for (const key of ['start', 'y', 'x']) if (typeof value[key] === 'number') return item * 1e9 + (value[key] as number);
  const points = value.points ?? value.vertices;
  if (Array.isArray(points) && points[0]) return item * 1e9 + Number(points[0][1] ?? points[0].y);
  return item * 1e9;
}

function compare(order: OutlineOrder): ((a: Region, b: Region) => number) | null {
  switch (order) {
    case 'label':
      return (a, b) => (rowLabels(a.main)[0] ?? a.labels[0] ?? '').localeCompare(rowLabels(b.main)[0] ?? b.labels[0] ?? '');
    case 'score':
      return (a, b) => (b.score ?? -1) - (a.score ?? -1);
    case 'place':
      return (a, b) => startOf(a) - startOf(b);
    default:
      return null;
  }
}

export interface Outline {
  readonly length: number;
  slice(from: number, to: number): OutlineItem[];
  indexOf(id: string): number;
  at(index: number): OutlineItem | undefined;
}

/** A plain list needs no item per region: thousands of regions change often, a few dozen are shown. */
class FlatOutline implements Outline {
  constructor(private readonly regions: readonly Region[]) {}

  get length(): number {
    return this.regions.length;
  }

  at(index: number): OutlineItem | undefined {
    const region = this.regions[index];
    return region && { region, level: 1, hasChildren: false, position: index + 1, siblings: this.regions.length };
  }

  slice(from: number, to: number): OutlineItem[] {
    return this.regions.slice(from, to).map((_, offset) => this.at(from + offset) as OutlineItem);
  }

  indexOf(id: string): number {
    return this.regions.findIndex((region) => region.id === id);
  }
}

class NestedOutline implements Outline {
  constructor(private readonly items: readonly OutlineItem[]) {}

  get length(): number {
    return this.items.length;
  }

  at(index: number): OutlineItem | undefined {
    return this.items[index];
  }

  slice(from: number, to: number): OutlineItem[] {
    return this.items.slice(from, to);
  }

  indexOf(id: string): number {
    return this.items.findIndex((item) => item.region.id === id);
  }
}

/** Reads the regions' signal. Children follow their parent; those of folded parents are left out. */
export function outline(editor: Editor, order: OutlineOrder, descending: boolean, folded: ReadonlySet<string>): Outline {
  void editor.regions.revision.value;
  const by = compare(order);
  const all = editor.regions.list();
  const isNested = all.some((region) => region.parent !== null);
  if (!by && !descending && !isNested) return new FlatOutline(all);
  let regions = [...all];
  if (by) regions.sort(by);
  if (descending) regions = regions.reverse();
  return isNested ? new NestedOutline(nest(editor, regions, folded)) : new FlatOutline(regions);
}

function nest(editor: Editor, regions: readonly Region[], folded: ReadonlySet<string>): OutlineItem[] {
  const children = new Map<string, Region[]>();
  const top: Region[] = [];
  for (const region of regions) {
    if (region.parent !== null && region.parent !== region.id && editor.regions.get(region.parent)) {
      children.set(region.parent, [...(children.get(region.parent) ?? []), region]);
    } else top.push(region);
  }
  const items: OutlineItem[] = [];
  const add = (list: readonly Region[], level: number) => {
    list.forEach((region, index) => {
      const below = level < 12 ? (children.get(region.id) ?? []) : [];
      items.push({ region, level, hasChildren: below.length > 0, position: index + 1, siblings: list.length });
      if (!folded.has(region.id)) add(below, level + 1);
    });
  };
  add(top, 1);
  return items;
}
