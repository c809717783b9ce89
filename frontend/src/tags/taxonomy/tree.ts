/** The tree of a Taxonomy: nodes by path, what is shown for a search, what is picked. */
import type { ResultRow, TagNode } from '../../core/types';
import { isRecord } from '../../core/variables';

export interface Entry {
  /** Stored values from the root down. */
  readonly path: readonly string[];
  readonly title: string;
  readonly hint: string;
  /** Null while they have to be fetched. */
  children: readonly Entry[] | null;
}

export interface ShownEntry {
  entry: Entry;
  level: number;
  position: number;
  siblings: number;
}

export const keyOf = (path: readonly string[]): string => path.join('\u0000');

/** The entries below a tag: `Choice` children, static and from the task. */
export function entriesOf(node: TagNode, above: readonly string[] = []): Entry[] {
  return node.children
    .filter((child) => child.tag === 'Choice')
    .map((child) => {
      const path = [...above, child.attributes.alias || String(child.value ?? '')];
      return { path, title: String(child.value ?? ''), hint: child.attributes.hint ?? '', children: entriesOf(child, path) };
    });
}

/** Entries of an address' answer: a list, or `{items: […]}`; an item may say `isLeaf: false` to have children fetched later. */
export function entriesFrom(answer: unknown, above: readonly string[]): Entry[] {
  const items = Array.isArray(answer) ? answer : isRecord(answer) && Array.isArray(answer.items) ? answer.items : [];
  return items.filter(isRecord).map((item) => {
    const title = String(item.value ?? item.label ?? '');
    const path = [...above, String(item.alias ?? title)];
    const children = Array.isArray(item.children) ? entriesFrom(item.children, path) : item.isLeaf === false ? null : [];
    return { path, title, hint: typeof item.hint === 'string' ? item.hint : '', children };
  });
}

function matches(entry: Entry, words: string): boolean {
  return entry.title.toLowerCase().includes(words);
}

/** Keeps entries that match, with what is above them; below a match everything stays. */
function narrowed(entries: readonly Entry[], words: string): Entry[] {
  const kept: Entry[] = [];
  for (const entry of entries) {
    if (matches(entry, words)) {
      kept.push(entry);
      continue;
    }
    const below = narrowed(entry.children ?? [], words);
    if (below.length > 0) kept.push({ ...entry, children: below });
  }
  return kept;
}

/** The rows to show: open branches, or everything that leads to a match while there are `words`. */
export function shownEntries(entries: readonly Entry[], open: ReadonlySet<string>, words: string): ShownEntry[] {
  const wanted = words.trim().toLowerCase();
  const rows: ShownEntry[] = [];
  const add = (list: readonly Entry[], level: number, insideMatch: boolean) => {
    list.forEach((entry, index) => {
      rows.push({ entry, level, position: index + 1, siblings: list.length });
      const isMatch = insideMatch || (wanted !== '' && matches(entry, wanted));
      const unfolded = open.has(keyOf(entry.path)) || (wanted !== '' && !isMatch);
      if (entry.children && unfolded) add(entry.children, level + 1, isMatch);
    });
  };
  add(wanted === '' ? entries : narrowed(entries, wanted), 1, false);
  return rows;
}

export function pathsOf(row: ResultRow | undefined): readonly (readonly string[])[] {
  const value = row?.value?.taxonomy;
  return Array.isArray(value) ? value.map((path) => (Array.isArray(path) ? path.map(String) : [String(path)])) : [];
}

/** Titles along a stored path; the stored words where the tree does not know them. */
export function titlesOf(entries: readonly Entry[], path: readonly string[]): string[] {
  const titles: string[] = [];
  let level: readonly Entry[] = entries;
  for (let depth = 0; depth < path.length; depth += 1) {
    const found: Entry | undefined = level.find((entry) => entry.path[depth] === path[depth]);
    titles.push(found?.title ?? (path[depth] as string));
    level = found?.children ?? [];
  }
  return titles;
}
