/** The order of cards in the columns of a Ranker: pure functions on `{column: [ids]}`. */
import { attribute, flag } from '../../core/node';
import type { ResultRow, TagNode } from '../../core/types';

export interface Column {
  key: string;
  title: string;
}

export type Order = Readonly<Record<string, readonly string[]>>;

/** Cards that belong to no bucket yet; this column is in no result. */
export const UNSORTED = '_';

const buckets = (node: TagNode) => node.children.filter((child) => child.tag === 'Bucket');

/** The columns from left to right: the buckets, before them the unsorted cards when no bucket takes new ones; without buckets one. */
export function columnsOf(node: TagNode, unsorted: string): Column[] {
  const named = buckets(node).map((bucket) => ({ key: bucket.name, title: attribute(bucket, 'title') || bucket.name }));
  if (named.length === 0) return [{ key: node.name, title: '' }];
  return buckets(node).some((bucket) => flag(bucket, 'default')) ? named : [{ key: UNSORTED, title: unsorted }, ...named];
}

/** The order that a row says, with every card in exactly one column; cards it does not know stand where new ones do. */
export function orderOf(node: TagNode, ids: readonly string[], row: ResultRow | undefined): Order {
  const columns = columnsOf(node, '').map(({ key }) => key);
  const stored = row?.value?.ranker;
  const left = new Set(ids);
  const order: Record<string, string[]> = Object.fromEntries(columns.map((key) => [key, []]));
  for (const key of columns) {
    const list = Array.isArray(stored) && columns.length === 1 ? stored : (stored as Record<string, unknown> | undefined)?.[key];
    for (const id of Array.isArray(list) ? list.map(String) : []) if (left.delete(id)) order[key]?.push(id);
  }
  const fresh = buckets(node).find((bucket) => flag(bucket, 'default'))?.name ?? (columns[0] as string);
  order[fresh]?.push(...left);
  return order;
}

/** The order with one card at another place. */
export function moved(order: Order, id: string, column: string, index: number): Order {
  const without = Object.fromEntries(Object.entries(order).map(([key, list]) => [key, list.filter((other) => other !== id)]));
  const target = [...(without[column] ?? [])];
  target.splice(Math.max(0, index), 0, id);
  return { ...without, [column]: target };
}

/** What is stored for an order. */
export function rankerValue(order: Order): Record<string, unknown> {
  const { [UNSORTED]: _unsorted, ...ranker } = order;
  return { ranker };
}
