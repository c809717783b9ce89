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
  order: Order | null;
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
};

/** `{filters, ordering}` of the API; filters without a value are left out. */
export function apiQuery(view: View, columns: readonly Column[]): { filters?: object; ordering?: string[] } {
  const items = view.filters
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
  return {
    ...(items.length ? { filters: { conjunction: 'and', items } } : {}),
    ...(view.order ? { ordering: [`${view.order.descending ? '-' : ''}tasks:${view.order.column}`] } : {}),
  };
}

/** `?filter=column:operator:value&order=-column`, so that a view can be sent as a link. */
export function toAddress(view: View): string {
  const query = new URLSearchParams();
  for (const filter of view.filters) query.append('filter', [filter.column, filter.operator, filter.value].map(encodeURIComponent).join(':'));
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
  return { filters, order: known(column) ? { column, descending: order.startsWith('-') } : null };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
