/** The filters as a sentence: each a column, a condition and a value; several in brackets are a group. */
import { useSignal } from '@preact/signals';
import { t } from '../../core/text';
import { Icon } from '../icon';
import { DEEPEST, type Filter, type Group, isGroup, operatorsOf, type Part } from './query';
import type { Store } from './store';
import type { Column } from './types';

interface Place<Kind> {
  store: Store;
  part: Kind;
  /** Puts another in its place; null takes it away. */
  put: (part: Kind | null) => void;
}

/** The parts of a group with what joins them, and what adds to them. `name` tells the parts apart for people who do not see the brackets. */
export function FilterGroup({ store, part: group, put, depth, name }: Place<Group> & { depth: number; name: string }) {
  const word = group.conjunction === 'or' ? t('or') : t('and');
  const replace = (at: number, part: Part | null) =>
    put({ ...group, parts: part ? group.parts.map((one, index) => (index === at ? part : one)) : group.parts.filter((_, index) => index !== at) });
  const add = (part: Part) => put({ ...group, parts: [...group.parts, part] });
  return (
    <>
      {group.parts.map((part, at) => {
        const title = name ? `${name}.${at + 1}` : String(at + 1);
        const joined = at > 0 && (
          <button
            type="button"
            class="dm-and"
            title={t('Change between and and or')}
            onClick={() => put({ ...group, conjunction: group.conjunction === 'or' ? 'and' : 'or' })}
          >
            {word}
          </button>
        );
        return isGroup(part) ? (
          <span key={at} class="dm-filter">
            {joined}
            <span class="dm-group" role="group" aria-label={t('Group {n}', { n: title })}>
              <FilterGroup store={store} part={part} put={(next) => replace(at, next)} depth={depth + 1} name={title} />
              <button
                type="button"
                class="button button-quiet button-small icon-button"
                aria-label={t('Take the group away')}
                title={t('Take the group away')}
                onClick={() => replace(at, null)}
              >
                <Icon name="x" />
              </button>
            </span>
          </span>
        ) : (
          <span key={at} class="dm-filter" role="group" aria-label={t('Filter {n}', { n: title })}>
            {joined}
            <FilterFields store={store} part={part} put={(next) => replace(at, next)} />
          </span>
        );
      })}
      <button type="button" class="button button-quiet button-small" onClick={() => add(newFilter(store))}>
        <Icon name="plus" />
        {group.parts.length ? word : t('Filter')}
      </button>
      {group.parts.length > 0 && depth < DEEPEST && (
        <button
          type="button"
          class="button button-quiet button-small"
          title={t('Add conditions in brackets')}
          aria-label={t('{word} a group in brackets', { word })}
          onClick={() => add({ conjunction: group.conjunction === 'or' ? 'and' : 'or', parts: [newFilter(store)] })}
        >
          {word} ( )
        </button>
      )}
    </>
  );
}

function newFilter(store: Store): Filter {
  const column = store.columns.value.find((one) => one.id.startsWith('data.')) ?? (store.allColumns[0] as Column);
  return { column: column.id, operator: operatorsOf(column.type)[0]?.name ?? 'equal', value: '' };
}

function FilterFields({ store, part: filter, put }: Place<Filter>) {
  const { allColumns, context } = store;
  const typed = useSignal(0);
  const text = useSignal(filter.value);
  const told = useSignal(filter.value);
  if (told.value !== filter.value) {
    // Another filter took this one's place.
    told.value = filter.value;
    text.value = filter.value;
  }
  const column = allColumns.find((one) => one.id === filter.column) as Column;
  const operators = operatorsOf(column.type);
  const bare = operators.find((one) => one.name === filter.operator)?.bare;
  const change = (changes: Partial<Filter>) => put({ ...filter, ...changes });
  const soon = (value: string) => {
    window.clearTimeout(typed.value);
    typed.value = window.setTimeout(() => {
      told.value = value;
      change({ value });
    }, 250);
  };
  return (
    <>
      <select
        class="select select-small"
        aria-label={t('Column')}
        value={filter.column}
        onChange={(event) => {
          const next = allColumns.find((one) => one.id === event.currentTarget.value) as Column;
          const kept = operatorsOf(next.type).some((one) => one.name === filter.operator);
          change({
            column: next.id,
            operator: kept ? filter.operator : (operatorsOf(next.type)[0]?.name ?? ''),
            value: next.type === column.type ? filter.value : '',
          });
        }}
      >
        {allColumns.map((one) => (
          <option key={one.id} value={one.id}>
            {one.title}
          </option>
        ))}
      </select>
      <select
        class="select select-small"
        aria-label={t('Condition')}
        value={filter.operator}
        onChange={(event) => change({ operator: event.currentTarget.value })}
      >
        {operators.map((one) => (
          <option key={one.name} value={one.name}>
            {one.title}
          </option>
        ))}
      </select>
      {!bare &&
        (column.type === 'people' ? (
          <select class="select select-small" aria-label={t('Person')} value={filter.value} onChange={(event) => change({ value: event.currentTarget.value })}>
            <option value="">{t('Choose a person')}</option>
            {Object.entries(context.people).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        ) : column.type === 'label' ? (
          <select class="select select-small" aria-label={t('Label')} value={filter.value} onChange={(event) => change({ value: event.currentTarget.value })}>
            <option value="">{t('Choose a label')}</option>
            {[...new Set([...context.labels, ...(filter.value ? [filter.value] : [])])].map((label) => (
              <option key={label} value={label}>
                {label}
              </option>
            ))}
          </select>
        ) : (
          <Value
            kind={column.type}
            text={text.value}
            onText={(value) => {
              text.value = value;
              soon(value);
            }}
          />
        ))}
      <button type="button" class="button button-quiet button-small icon-button" aria-label={t('Take the filter away')} onClick={() => put(null)}>
        <Icon name="x" />
      </button>
    </>
  );
}

function Value({ kind, text, onText }: { kind: Column['type']; text: string; onText: (text: string) => void }) {
  const common = {
    class: 'input input-small',
    'aria-label': t('Value'),
    value: text,
    onInput: (event: InputEvent) => onText((event.currentTarget as HTMLInputElement).value),
  };
  if (kind === 'number' || kind === 'decimal' || kind === 'percent') return <input type="number" step="any" {...common} />;
  if (kind === 'time') return <input type="date" {...common} />;
  return <input type="text" {...common} />;
}
