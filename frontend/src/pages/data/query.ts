/** Filters and order: as the person builds them, as the address keeps them, as the API takes them. */
import { t } from '../../core/text';
import type { Column } from './types';

export interface Filter {
  column: string;
  operator: string;
  value: string;
}

export interface Order {
  column: string;
  descending: boolean;
}

/** Filters that must all hold, or one of them; a part may be a group again. */
export interface Group {
  conjunction: 'and' | 'or';
  parts: readonly Part[];
}

export type Part = Filter | Group;

/** Groups within groups that the page offers to make; the server takes no more. */
export const DEEPEST = 4;

export interface View {
  where: Group;
  /** The first says most; the next decide where it is equal. */
  order: readonly Order[];
  /** What the search box holds: some value of the data contains it. */
  search: string;
  /** Filters in the API's words that this page cannot show, by columns of a script: they hold besides. */
  others: readonly object[];
}

export const EVERYTHING: View = { where: { conjunction: 'and', parts: [] }, order: [], search: '', others: [] };

export interface ApiQuery {
  filters?: { conjunction: string; items: object[] };
  ordering?: string[];
}

export interface OperatorInfo {
  name: string;
  title: string;
  /** Takes no value: the operator says it all. */
  bare?: boolean;
}

/** The operators of a column's type; the first is the default. */
export function operatorsOf(type: Column['type']): OperatorInfo[] {
  const emptiness = [
    { name: 'empty', title: t('is empty'), bare: true },
    { name: 'not_empty', title: t('is not empty'), bare: true },
  ];
  switch (type) {
    case 'number':
    case 'decimal':
    case 'percent':
      return [
        { name: 'equal', title: t('is') },
        { name: 'greater_or_equal', title: t('is at least') },
        { name: 'less_or_equal', title: t('is at most') },
        { name: 'not_equal', title: t('is not') },
      ];
    case 'time':
      return [
        { name: 'greater_or_equal', title: t('is since') },
        { name: 'less', title: t('is before') },
      ];
    case 'yes':
      return [
        { name: 'yes', title: t('is there'), bare: true },
        { name: 'no', title: t('is missing'), bare: true },
      ];
    case 'truth':
      return [
        { name: 'yes', title: t('is true'), bare: true },
        { name: 'no', title: t('is false'), bare: true },
      ];
    case 'label':
      return [
        { name: 'contains', title: t('is') },
        { name: 'not_contains', title: t('is not') },
      ];
    case 'people':
      return [
        { name: 'contains', title: t('is among them:') },
        { name: 'not_contains', title: t('is not among them:') },
      ];
    default:
      return [
        { name: 'contains', title: t('contains') },
        { name: 'not_contains', title: t('does not contain') },
        { name: 'equal', title: t('is exactly') },
        { name: 'regex', title: t('matches') },
        ...emptiness,
      ];
  }
}

export function isGroup(part: Part): part is Group {
  return 'parts' in part;
}

/** Every filter of a group, those of its groups too. */
export function filtersOf(group: Group): Filter[] {
  return group.parts.flatMap((part) => (isGroup(part) ? filtersOf(part) : [part]));
}

export function isComplete(filter: Filter, columns: readonly Column[]): boolean {
  const column = columns.find((one) => one.id === filter.column);
  const operator = column && operatorsOf(column.type).find((one) => one.name === filter.operator);
  return Boolean(operator && (operator.bare || filter.value.trim() !== ''));
}

const API_TYPE: Record<Column['type'], string> = {
  text: 'String',
  image: 'String',
  audio: 'String',
  video: 'String',
  number: 'Number',
  decimal: 'Number',
  percent: 'Number',
  time: 'Datetime',
  yes: 'Boolean',
  truth: 'Boolean',
  people: 'List',
  label: 'List',
};

const NUMERIC: readonly Column['type'][] = ['number', 'decimal', 'percent', 'people'];
const BOOLEAN: readonly Column['type'][] = ['yes', 'truth'];

/** `{filters, ordering}` of the API; filters without a value are left out, and groups that are left empty. */
export function apiQuery(view: View, columns: readonly Column[]): ApiQuery {
  const made = apiItems(view.where, columns);
  const besides: object[] = [...view.others];
  if (view.search.trim()) besides.push({ filter: 'filter:tasks:data', type: 'String', operator: 'contains', value: view.search.trim() });
  const own = view.where.conjunction === 'or' && made.length > 1 && besides.length > 0 ? [{ conjunction: 'or', items: made }] : made;
  const items = [...own, ...besides];
  const conjunction = own === made && !besides.length ? view.where.conjunction : 'and';
  return {
    ...(items.length ? { filters: { conjunction, items } } : {}),
    ...(view.order.length ? { ordering: view.order.map(({ column, descending }) => `${descending ? '-' : ''}tasks:${column}`) } : {}),
  };
}

function apiItems(group: Group, columns: readonly Column[]): object[] {
  return group.parts.flatMap((part): object[] => {
    if (!isGroup(part)) return isComplete(part, columns) ? [apiFilter(part, columns)] : [];
    const items = apiItems(part, columns);
    return items.length ? [{ conjunction: part.conjunction, items }] : [];
  });
}

function apiFilter(filter: Filter, columns: readonly Column[]): object {
  const type = columns.find((one) => one.id === filter.column)?.type ?? 'text';
  const item = { filter: `filter:tasks:${filter.column}`, type: API_TYPE[type] };
  switch (filter.operator) {
    case 'empty':
    case 'not_empty':
      return { ...item, operator: 'empty', value: filter.operator === 'empty' };
    case 'yes':
    case 'no':
      return { ...item, operator: 'equal', value: filter.operator === 'yes' };
    default:
      return { ...item, operator: filter.operator, value: NUMERIC.includes(type) ? Number(filter.value) : filter.value };
  }
}

/** What a saved view asks for, as this page shows it. */
export function fromApi(query: ApiQuery, columns: readonly Column[]): View {
  const conjunction = query.filters?.conjunction === 'or' ? 'or' : 'and';
  const items = query.filters?.items ?? [];
  const view: View = { ...EVERYTHING, order: orderOf(query.ordering ?? [], columns) };
  if (conjunction === 'or') {
    const where = groupOf({ conjunction, items }, columns);
    return where ? { ...view, where } : { ...view, others: [{ conjunction, items }] };
  }
  let search = '';
  const parts: Part[] = [];
  const others: object[] = [];
  for (const item of items as Record<string, unknown>[]) {
    const part = partOf(item, columns);
    if (item.filter === 'filter:tasks:data' && item.operator === 'contains' && !search) search = String(item.value);
    else if (part) parts.push(part);
    else others.push(item);
  }
  const [only] = parts;
  // A single group beside a search is the filters themselves, joined by "or".
  const where: Group = only && parts.length === 1 && isGroup(only) ? only : { conjunction, parts };
  return { ...view, where, search, others };
}

function partOf(given: object, columns: readonly Column[]): Part | null {
  return 'items' in given && !('filter' in given) ? groupOf(given as { conjunction?: string; items: unknown }, columns) : filterOf(given, columns);
}

function groupOf(given: { conjunction?: string; items: unknown }, columns: readonly Column[]): Group | null {
  const parts = (Array.isArray(given.items) ? given.items : []).map((item: object) => partOf(item, columns));
  return parts.every((part) => part !== null) ? { conjunction: given.conjunction === 'or' ? 'or' : 'and', parts } : null;
}

function orderOf(ordering: readonly string[], columns: readonly Column[]): Order[] {
  return ordering.flatMap((said): Order[] => {
    const column = said.replace(/^-/, '').replace('tasks:', '');
    return columns.some((one) => one.id === column) ? [{ column, descending: said.startsWith('-') }] : [];
  });
}

function filterOf(given: object, columns: readonly Column[]): Filter | null {
  const item = given as { filter?: string; operator?: string; value?: unknown; child_filter?: unknown; child_filters?: unknown };
  const column = columns.find((one) => `filter:tasks:${one.id}` === item.filter);
  if (!column || item.child_filter || item.child_filters) return null;
  let operator = item.operator ?? '';
  if (operator === 'empty' && !BOOLEAN.includes(column.type)) operator = item.value === false ? 'not_empty' : 'empty';
  if (operator === 'equal' && BOOLEAN.includes(column.type)) operator = item.value === true ? 'yes' : 'no';
  const known = operatorsOf(column.type).find((one) => one.name === operator);
  const value = item.value;
  if (!known || (!known.bare && typeof value !== 'string' && typeof value !== 'number')) return null;
  return { column: column.id, operator, value: known.bare ? '' : String(value) };
}

/**
 * `?filter=column:operator:value&order=-column,other`, so that a view can be sent as a link. A group is a filter `or(…,…)` or `and(…,…)`;
 * what people type is encoded, brackets and commas too.
 */
export function toAddress(view: View): string {
  const query = new URLSearchParams();
  for (const part of view.where.parts) query.append('filter', written(part));
  if (view.where.conjunction === 'or') query.set('match', 'any');
  if (view.search) query.set('search', view.search);
  if (view.order.length) query.set('order', view.order.map(({ column, descending }) => (descending ? '-' : '') + encoded(column)).join(','));
  const text = query.toString();
  return text ? `?${text}` : '';
}

function written(part: Part): string {
  if (isGroup(part)) return `${part.conjunction}(${part.parts.map(written).join(',')})`;
  return [part.column, part.operator, part.value].map(encoded).join(':');
}

/** What an address says, as far as the columns are known. */
export function fromAddress(search: string, columns: readonly Column[]): View {
  const query = new URLSearchParams(search);
  const known = (id: string) => columns.some((one) => one.id === id);
  const parts = query.getAll('filter').flatMap((text) => readPart(text, known));
  const order = (query.get('order') ?? '').split(',').flatMap((text): Order[] => {
    const column = decoded(text.replace(/^-/, ''));
    return known(column) ? [{ column, descending: text.startsWith('-') }] : [];
  });
  return { where: { conjunction: query.get('match') === 'any' ? 'or' : 'and', parts }, order, search: query.get('search') ?? '', others: [] };
}

function readPart(text: string, known: (id: string) => boolean): Part[] {
  const group = /^(and|or)\((.*)\)$/s.exec(text);
  if (group) return [{ conjunction: group[1] as 'and' | 'or', parts: split(group[2] ?? '').flatMap((part) => readPart(part, known)) }];
  const [column = '', operator = '', value = ''] = text.split(':').map(decoded);
  return known(column) ? [{ column, operator, value }] : [];
}

/** The parts between commas that stand in no brackets. */
function split(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const sign of text) {
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (sign === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
