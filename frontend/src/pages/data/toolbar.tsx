/** Above the table: the filters as a sentence, the columns, the counts, what to do next. */
import { useSignal } from '@preact/signals';
import { plural, t } from '../../core/text';
import { Icon } from '../icon';
import { type Filter, operatorsOf } from './query';
import type { Store } from './store';
import type { Column } from './types';

export function Toolbar({ store }: { store: Store }) {
  const { context, view, totals } = store;
  const may = (action: string) => context.permissions.includes(action);
  const filtered = view.value.filters.length > 0;
  return (
    <div class="dm-bar">
      <div class="dm-filters" role="group" aria-label={t('Filters')}>
        <span class="dm-sentence">{filtered ? t('Tasks where') : view.value.search || view.value.others.length ? t('Tasks') : t('All tasks')}</span>
        {view.value.others.length > 0 && (
          <button
            type="button"
            class="button button-quiet button-small"
            title={t('Made by a script; it can only be taken away here.')}
            onClick={() => {
              view.value = { ...view.value, others: [] };
            }}
          >
            {plural(view.value.others.length, '{n} more condition', '{n} more conditions', { n: view.value.others.length })}
            <Icon name="x" />
          </button>
        )}
        {view.value.filters.map((filter, at) => (
          <FilterRow key={at} filter={filter} at={at} store={store} />
        ))}
        <button type="button" class="button button-quiet button-small" onClick={() => addFilter(store)}>
          <Icon name="plus" />
          {filtered ? (view.value.conjunction === 'or' ? t('or') : t('and')) : t('Filter')}
        </button>
        {store.view.value.order && (
          <button
            type="button"
            class="button button-quiet button-small"
            onClick={() => {
              view.value = { ...view.value, order: null };
            }}
          >
            <Icon name="x" />
            {t('Clear the order')}
          </button>
        )}
      </div>
      <div class="dm-acts">
        <span class="quiet numbers dm-counts" role="status">
          {totals.value.counting ? (
            t('More than {n} tasks, counting…', { n: (Math.max(1, totals.value.tasks) - 1).toLocaleString('en') })
          ) : (
            <>
              {plural(totals.value.tasks, '{n} task', '{n} tasks', { n: totals.value.tasks.toLocaleString('en') })}
              {' · '}
              {plural(totals.value.annotations, '{n} annotation', '{n} annotations', { n: totals.value.annotations.toLocaleString('en') })}
            </>
          )}
        </span>
        <Search store={store} />
        <ColumnMenu store={store} />
        {may('annotations.create') && (
          <a class="button button-primary button-small" href={context.urls.label}>
            <Icon name="play" />
            {t('Label')}
          </a>
        )}
      </div>
    </div>
  );
}

function addFilter(store: Store): void {
  const column = store.columns.value.find((one) => one.id.startsWith('data.')) ?? store.allColumns[0];
  if (!column) return;
  const operator = operatorsOf(column.type)[0]?.name ?? 'equal';
  store.view.value = { ...store.view.value, filters: [...store.view.value.filters, { column: column.id, operator, value: '' }] };
}

function FilterRow({ filter, at, store }: { filter: Filter; at: number; store: Store }) {
  const { view, allColumns, context } = store;
  const typed = useSignal(0);
  const text = useSignal(filter.value);
  const column = allColumns.find((one) => one.id === filter.column) as Column;
  const operators = operatorsOf(column.type);
  const bare = operators.find((one) => one.name === filter.operator)?.bare;
  const change = (changes: Partial<Filter>) => {
    view.value = { ...view.value, filters: view.value.filters.map((one, index) => (index === at ? { ...one, ...changes } : one)) };
  };
  const soon = (value: string) => {
    window.clearTimeout(typed.value);
    typed.value = window.setTimeout(() => change({ value }), 250);
  };
  return (
    <span class="dm-filter" role="group" aria-label={t('Filter {n}', { n: at + 1 })}>
      {at > 0 && (
        <button
          type="button"
          class="dm-and"
          title={t('Change between and and or')}
          onClick={() => {
            view.value = { ...view.value, conjunction: view.value.conjunction === 'or' ? 'and' : 'or' };
          }}
        >
          {view.value.conjunction === 'or' ? t('or') : t('and')}
        </button>
      )}
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
      <button
        type="button"
        class="button button-quiet button-small icon-button"
        aria-label={t('Take the filter away')}
        onClick={() => {
          view.value = { ...view.value, filters: view.value.filters.filter((_, index) => index !== at) };
        }}
      >
        <Icon name="x" />
      </button>
    </span>
  );
}

function Value({ kind, text, onText }: { kind: Column['type']; text: string; onText: (text: string) => void }) {
  const common = {
    class: 'input input-small',
    'aria-label': t('Value'),
    value: text,
    onInput: (event: InputEvent) => onText((event.currentTarget as HTMLInputElement).value),
  };
  if (kind === 'number') return <input type="number" {...common} />;
  if (kind === 'time') return <input type="date" {...common} />;
  return <input type="text" {...common} />;
}

/** Looks through every value of the data. */
function Search({ store }: { store: Store }) {
  const { view } = store;
  const text = useSignal(view.value.search);
  const typed = useSignal(0);
  const shown = useSignal(view.value.search);
  if (shown.value !== view.value.search) {
    shown.value = view.value.search;
    text.value = view.value.search;
  }
  return (
    <input
      type="search"
      class="input input-small dm-search"
      placeholder={t('Search the data')}
      aria-label={t('Search the data')}
      value={text.value}
      onInput={(event) => {
        text.value = event.currentTarget.value;
        window.clearTimeout(typed.value);
        const search = text.value;
        typed.value = window.setTimeout(() => {
          shown.value = search;
          view.value = { ...view.value, search };
        }, 250);
      }}
    />
  );
}

function ColumnMenu({ store }: { store: Store }) {
  const shown = store.shownIds.value;
  return (
    <details class="menu">
      <summary class="button button-quiet button-small">
        <Icon name="table" />
        {t('Columns')}
      </summary>
      <div class="menu-list menu-checks">
        {store.allColumns
          .filter((column) => !column.filterOnly)
          .map((column) => (
            <label class="check" key={column.id}>
              <input
                type="checkbox"
                checked={shown.includes(column.id)}
                onChange={(event) => {
                  const next = event.currentTarget.checked ? [...shown, column.id] : shown.filter((id) => id !== column.id);
                  if (next.length) store.showColumns(next);
                  else event.currentTarget.checked = true;
                }}
              />
              <span>{column.title}</span>
            </label>
          ))}
      </div>
    </details>
  );
}
