/** The rows of one annotation: the truth. Regions are made from them for display, rows go out as they came in. */
import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import { joinRegion } from './region';
import type { Patch, Region, RegionChange, RegionStore, ResultRow, RowKey } from './types';

function baseKey(row: ResultRow): string {
  if (row.type === 'relation') return `${row.from_id}>${row.to_id}`;
  return `${row.id ?? ''}|${row.from_name ?? ''}|${row.type}`;
}

type Entry = readonly [RowKey, ResultRow];

/** Up to so many patches, lists are mended rather than built anew. */
const FEW = 20;

export class Rows implements RegionStore {
  readonly revision = signal(0);
  /** Ids of rows that are shown but belong to no result yet: what a model suggests. */
  readonly withheld = new Set<string>();
  private rows = new Map<RowKey, ResultRow>();
  /** Place of each row in the result; kept after removal, so that undo puts a row back where it was. */
  private places = new Map<RowKey, number>();
  private lastPlace = 0;
  private sorted = true;
  private groups = new Map<string, RowKey[]>();
  private regions = new Map<string, Region | null>();
  private lists = new Map<string, readonly Region[]>();
  private groupsUnsorted = false;
  private entryList: readonly Entry[] | undefined;
  private listeners = new Set<(change: RegionChange) => void>();

  constructor(rows: readonly ResultRow[] = []) {
    for (const row of rows) this.put(this.keyFor(row), row);
  }

  /** A key for a row to be added: the same for the same rows in the same order. */
  keyFor(row: ResultRow): RowKey {
    const base = baseKey(row);
    let key = base;
    for (let n = 2; this.places.has(key); n += 1) key = `${base}#${n}`;
    return key;
  }

  get size(): number {
    return this.list().length;
  }

  row(key: RowKey): ResultRow | undefined {
    return this.rows.get(key);
  }

  /** Keys and rows of one id, in order. */
  entries(id: string): readonly (readonly [RowKey, ResultRow])[] {
    return (this.groups.get(id) ?? []).map((key) => [key, this.rows.get(key) as ResultRow] as const);
  }

  /** All rows with their keys, in the order of the result. */
  all(): readonly (readonly [RowKey, ResultRow])[] {
    if (!this.sorted) {
      const place = (key: RowKey) => this.places.get(key) as number;
      this.rows = new Map([...this.rows].sort(([a], [b]) => place(a) - place(b)));
      this.sorted = true;
      this.entryList = undefined;
    }
    this.entryList ??= [...this.rows];
    return this.entryList;
  }

  /** The result as it is stored: the rows in order. */
  result(): ResultRow[] {
    const rows = this.all().map(([, row]) => row);
    return this.withheld.size === 0 ? rows : rows.filter((row) => !this.withheld.has(row.id ?? ''));
  }

  apply(patches: readonly Patch[]): void {
    this.all();
    const known = patches.length <= FEW ? this.entryList : undefined;
    const list = patches.length <= FEW ? this.lists.get('') : undefined;
    const ids = new Set<string>();
    for (const patch of patches) {
      const current = this.rows.get(patch.id);
      for (const row of [current, patch.after]) {
        if (row?.id !== undefined) ids.add(row.id);
        if (row?.type === 'relation') for (const end of [row.from_id, row.to_id]) if (end) ids.add(end);
      }
      if (current && patch.after && current.id === patch.after.id) {
        this.rows.set(patch.id, patch.after);
        continue;
      }
      if (current) this.take(patch.id, current);
      if (patch.after) this.put(patch.id, patch.after);
    }
    for (const id of ids) this.regions.delete(id);
    this.lists.clear();
    this.entryList = this.sorted && known ? this.patchedEntries(known, patches) : undefined;
    const next = list && !this.groupsUnsorted ? this.patchedList(list, ids) : undefined;
    if (next) this.lists.set('', next);
    this.announce({ ids, all: false });
  }

  /** The entries after a few patches, without building all of them anew. */
  private patchedEntries(entries: readonly Entry[], patches: readonly Patch[]): readonly Entry[] {
    const next = [...entries];
    for (const { id } of patches) {
      const row = this.rows.get(id);
      const at = next.findIndex(([key]) => key === id);
      if (at < 0 && row) next.push([id, row]);
      else if (at >= 0 && row) next[at] = [id, row];
      else if (at >= 0) next.splice(at, 1);
    }
    return next;
  }

  /** The list of regions after a few of them changed; undefined when one must be sorted in. */
  private patchedList(list: readonly Region[], ids: ReadonlySet<string>): readonly Region[] | undefined {
    const next = [...list];
    for (const id of ids) {
      const region = this.get(id);
      const at = next.findIndex((other) => other.id === id);
      if (at >= 0 && region) {
        // A region whose rows were taken out and put in again stands elsewhere now.
        const place = this.firstPlace(id);
        const [left, right] = [next[at - 1], next[at + 1]];
        if ((left && this.firstPlace(left.id) > place) || (right && this.firstPlace(right.id) < place)) return undefined;
        next[at] = region;
      } else if (at >= 0) next.splice(at, 1);
      else if (region) {
        const last = next.at(-1);
        if (last && this.firstPlace(last.id) > this.firstPlace(id)) return undefined;
        next.push(region);
      }
    }
    return next;
  }

  private firstPlace(id: string): number {
    return this.places.get(this.groups.get(id)?.[0] ?? '') ?? 0;
  }

  replaceAll(rows: readonly ResultRow[]): void {
    this.rows = new Map();
    this.places = new Map();
    this.groups = new Map();
    this.regions = new Map();
    this.sorted = true;
    this.lastPlace = 0;
    this.lists.clear();
    this.entryList = undefined;
    for (const row of rows) this.put(this.keyFor(row), row);
    this.announce({ ids: new Set(this.groups.keys()), all: true });
  }

  get(id: string): Region | undefined {
    const known = this.regions.get(id);
    if (known !== undefined) return known ?? undefined;
    const region = joinRegion(
      id,
      this.entries(id).map(([, row]) => row),
    );
    this.regions.set(id, region ?? null);
    return region;
  }

  list(object?: string): readonly Region[] {
    const cached = this.lists.get(object ?? '');
    if (cached) return cached;
    let list: Region[];
    if (object === undefined) {
      this.all();
      if (this.groupsUnsorted) this.sortGroups();
      list = [...this.groups.keys()].map((id) => this.get(id)).filter((region) => region !== undefined);
    } else list = this.list().filter((region) => region.object === object);
    this.lists.set(object ?? '', list);
    return list;
  }

  watch(id: string): ReadonlySignal<Region | undefined> {
    return computed(() => {
      void this.revision.value;
      return this.get(id);
    });
  }

  subscribe(listener: (change: RegionChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private sortGroups(): void {
    const first = (keys: RowKey[]) => this.places.get(keys[0] as RowKey) as number;
    this.groups = new Map([...this.groups].sort(([, a], [, b]) => first(a) - first(b)));
    this.groupsUnsorted = false;
  }

  private put(key: RowKey, row: ResultRow): void {
    let place = this.places.get(key);
    if (place === undefined) {
      this.lastPlace += 1;
      place = this.lastPlace;
      this.places.set(key, place);
    } else {
      // A row that is put back keeps its place; the map has it at the end until it is sorted.
      this.sorted = false;
    }
    this.rows.set(key, row);
    const id = row.id;
    if (id === undefined) return;
    const group = this.groups.get(id);
    if (!group) {
      this.groups.set(id, [key]);
      if (place !== this.lastPlace) this.groupsUnsorted = true;
    } else if (!group.includes(key)) {
      group.push(key);
      group.sort((a, b) => (this.places.get(a) as number) - (this.places.get(b) as number));
    }
  }

  private take(key: RowKey, row: ResultRow): void {
    this.rows.delete(key);
    if (row.id === undefined) return;
    const group = this.groups.get(row.id);
    const rest = group?.filter((other) => other !== key) ?? [];
    if (rest.length) this.groups.set(row.id, rest);
    else this.groups.delete(row.id);
  }

  private announce(change: RegionChange): void {
    this.revision.value += 1;
    for (const listener of [...this.listeners]) listener(change);
  }
}
