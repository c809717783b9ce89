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

export interface View {
  filters: Filter[];
  /** Whether all filters must hold, or one of them. */
  conjunction: 'and' | 'or';
  order: Order | null;
  /** What the search box holds: some value of the data contains it. */
  search: string;
  /** Filters in the API's words that this page cannot show, such as groups of a script: they hold besides. */
  others: readonly object[];
}

export const EVERYTHING: View = { filters: [], conjunction: 'and', order: null, search: '', others: [] };

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
  time: 'Datetime',
  yes: 'Boolean',
  people: 'List',
  label: 'List',
};

/** `{filters, ordering}` of the API; filters without a value are left out. */
export function apiQuery(view: View, columns: readonly Column[]): ApiQuery {
  const made = view.filters
    .filter((filter) => isComplete(filter, columns))
    .map((filter) => {
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
          return { ...item, operator: filter.operator, value: type === 'number' || type === 'people' ? Number(filter.value) : filter.value };
      }
    });
  const besides: object[] = [...view.others];
  if (view.search.trim()) besides.push({ filter: 'filter:tasks:data', type: 'String', operator: 'contains', value: view.search.trim() });
  const own = view.conjunction === 'or' && made.length > 1 && besides.length > 0 ? [{ conjunction: 'or', items: made }] : made;
  const items = [...own, ...besides];
  return {
    ...(items.length ? { filters: { conjunction: own === made && !besides.length ? view.conjunction : 'and', items } } : {}),
    ...(view.order ? { ordering: [`${view.order.descending ? '-' : ''}tasks:${view.order.column}`] } : {}),
  };
}

/** What a saved view asks for, as this page shows it. */
export function fromApi(query: ApiQuery, columns: readonly Column[]): View {
  const view: View = { ...EVERYTHING, filters: [], others: [] };
  const others: object[] = [];
  const conjunction = query.filters?.conjunction === 'or' ? 'or' : 'and';
  const items = query.filters?.items ?? [];
  const read = (list: readonly object[]) => list.map((item) => filterOf(item, columns));
  if (conjunction === 'or') {
    const found = read(items);
    if (found.every((one) => one !== null)) Object.assign(view, { filters: found, conjunction });
    else others.push({ conjunction, items });
  } else {
    for (const item of items as (Record<string, unknown> & { items?: object[] })[]) {
      const filter = filterOf(item, columns);
      const group = item.conjunction === 'or' && item.items && !view.filters.length && view.conjunction === 'and' ? read(item.items) : null;
      if (item.filter === 'filter:tasks:data' && item.operator === 'contains' && !view.search) view.search = String(item.value);
      else if (filter && view.conjunction === 'and') view.filters.push(filter);
      else if (group?.every((one) => one !== null)) Object.assign(view, { filters: group, conjunction: 'or' });
      else others.push(item);
    }
  }
  const order = query.ordering?.[0]?.replace('tasks:', '') ?? '';
  const column = order.replace(/^-/, '');
  if (columns.some((one) => one.id === column)) view.order = { column, descending: order.startsWith('-') };
  return { ...view, others };
}

function filterOf(given: object, columns: readonly Column[]): Filter | null {
  const item = given as { filter?: string; operator?: string; value?: unknown; child_filter?: unknown; child_filters?: unknown };
  const column = columns.find((one) => `filter:tasks:${one.id}` === item.filter);
  if (!column || item.child_filter || item.child_filters) return null;
  let operator = item.operator ?? '';
  if (operator === 'empty' && column.type !== 'yes') operator = item.value === false ? 'not_empty' : 'empty';
  if (operator === 'equal' && column.type === 'yes') operator = item.value === true ? 'yes' : 'no';
  const known = operatorsOf(column.type).find((one) => one.name === operator);
  const value = item.value;
  if (!known || (!known.bare && typeof value !== 'string' && typeof value !== 'number')) return null;
  return { column: column.id, operator, value: known.bare ? '' : String(value) };
}

/** `?filter=column:operator:value&order=-column`, so that a view can be sent as a link. */
export function toAddress(view: View): string {
  const query = new URLSearchParams();
  for (const filter of view.filters) query.append('filter', [filter.column, filter.operator, filter.value].map(encodeURIComponent).join(':'));
  if (view.conjunction === 'or') query.set('match', 'any');
  if (view.search) query.set('search', view.search);
  if (view.order) query.set('order', (view.order.descending ? '-' : '') + view.order.column);
  const text = query.toString();
  return text ? `?${text}` : '';
}

/** What an address says, as far as the columns are known. */
export function fromAddress(search: string, columns: readonly Column[]): View {
  const query = new URLSearchParams(search);
  const known = (id: string) => columns.some((one) => one.id === id);
  const filters = query.getAll('filter').flatMap((text): Filter[] => {
    const [column = '', operator = '', value = ''] = text.split(':').map(decoded);
    return known(column) ? [{ column, operator, value }] : [];
  });
  const order = query.get('order') ?? '';
  const column = order.replace(/^-/, '');
  return {
    filters,
    conjunction: query.get('match') === 'any' ? 'or' : 'and',
    order: known(column) ? { column, descending: order.startsWith('-') } : null,
    search: query.get('search') ?? '',
    others: [],
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
