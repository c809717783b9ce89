/** The menus of the bar: what the tasks are ordered by, and how they are laid out. */
import { t } from '../../core/text';
import { Icon } from '../icon';
import { DENSITIES, type Density } from './layout';
import type { Order } from './query';
import type { Store } from './store';

const MOST_KEYS = 10;

export function OrderMenu({ store }: { store: Store }) {
  const { view } = store;
  const { order } = view.value;
  const put = (next: readonly Order[]) => {
    view.value = { ...view.value, order: next };
  };
  const columns = store.allColumns.filter((column) => !column.filterOnly);
  const title = (id: string) => columns.find((column) => column.id === id)?.title ?? id;
  const left = columns.filter((column) => !order.some((key) => key.column === column.id));
  return (
    <details class="menu">
      <summary class="button button-quiet button-small" title={t('A click on a head orders by it; with Shift as well.')}>
        <Icon name="sort" />
        {order.length ? t('Order: {n}', { n: order.length }) : t('Order')}
      </summary>
      <div class="menu-list menu-layout">
        {order.length === 0 && <p class="quiet">{t('As the tasks came in.')}</p>}
        <ol class="order-keys">
          {order.map((key, at) => (
            <li key={key.column}>
              <span class="clip">{title(key.column)}</span>
              <button
                type="button"
                class="button button-quiet button-small"
                aria-label={t('{column}: turn the direction', { column: title(key.column) })}
                onClick={() => put(order.map((one) => (one === key ? { ...one, descending: !one.descending } : one)))}
              >
                {key.descending ? t('descending') : t('ascending')}
              </button>
              <button
                type="button"
                class="button button-quiet button-small icon-button"
                aria-label={t('{column}: order by it earlier', { column: title(key.column) })}
                disabled={at === 0}
                onClick={() => put(swapped(order, at - 1))}
              >
                <Icon name="arrow-up" />
              </button>
              <button
                type="button"
                class="button button-quiet button-small icon-button"
                aria-label={t('{column}: do not order by it', { column: title(key.column) })}
                onClick={() => put(order.filter((one) => one !== key))}
              >
                <Icon name="x" />
              </button>
            </li>
          ))}
        </ol>
        {order.length < MOST_KEYS && (
          <select
            class="select select-small"
            aria-label={order.length ? t('Then by') : t('Order by')}
            value=""
            onChange={(event) => {
              const column = event.currentTarget.value;
              event.currentTarget.value = '';
              if (column) put([...order, { column, descending: false }]);
            }}
          >
            <option value="">{order.length ? t('Then by…') : t('Order by…')}</option>
            {left.map((column) => (
              <option key={column.id} value={column.id}>
                {column.title}
              </option>
            ))}
          </select>
        )}
      </div>
    </details>
  );
}

export function LayoutMenu({ store }: { store: Store }) {
  const { shown, density, type, gridWidth, widths } = store.layout.value;
  const names: Record<Density, string> = { compact: t('Compact'), normal: t('Normal'), roomy: t('Roomy') };
  const columns = store.allColumns.filter((column) => !column.filterOnly);
  const known = shown.filter((id) => columns.some((column) => column.id === id));
  const sorted = [...known.flatMap((id) => columns.filter((column) => column.id === id)), ...columns.filter((column) => !known.includes(column.id))];
  return (
    <details class="menu">
      <summary class="button button-quiet button-small">
        <Icon name="table" />
        {t('Columns')}
      </summary>
      <div class="menu-list menu-layout">
        <div class="segmented" role="group" aria-label={t('Show as')}>
          <button type="button" aria-pressed={type === 'list'} onClick={() => store.arrange({ type: 'list' })}>
            {t('Rows')}
          </button>
          <button type="button" aria-pressed={type === 'grid'} onClick={() => store.arrange({ type: 'grid' })}>
            {t('Grid')}
          </button>
        </div>
        {type === 'grid' ? (
          <label class="field-inline">
            <span>{t('Side by side, at most')}</span>
            <input type="range" min="1" max="12" value={gridWidth} onInput={(event) => store.arrange({ gridWidth: Number(event.currentTarget.value) })} />
          </label>
        ) : (
          <div class="segmented" role="group" aria-label={t('Height of the rows')}>
            {DENSITIES.map((one) => (
              <button key={one} type="button" aria-pressed={density === one} onClick={() => store.arrange({ density: one })}>
                {names[one]}
              </button>
            ))}
          </div>
        )}
        <ul class="column-list">
          {sorted.map((column) => {
            const at = known.indexOf(column.id);
            return (
              <li key={column.id}>
                <label class="check">
                  <input
                    type="checkbox"
                    checked={at >= 0}
                    onChange={(event) => {
                      const next = event.currentTarget.checked ? [...known, column.id] : known.filter((id) => id !== column.id);
                      if (next.length) store.arrange({ shown: next });
                      else event.currentTarget.checked = true;
                    }}
                  />
                  <span class="clip">{column.title}</span>
                </label>
                {at > 0 && (
                  <button
                    type="button"
                    class="button button-quiet button-small icon-button"
                    aria-label={t('Move {column} to the left', { column: column.title })}
                    title={t('Move {column} to the left', { column: column.title })}
                    onClick={() => store.arrange({ shown: swapped(known, at - 1) })}
                  >
                    <Icon name="arrow-up" />
                  </button>
                )}
              </li>
            );
          })}
        </ul>
        {Object.keys(widths).length > 0 && (
          <button type="button" onClick={() => store.arrange({ widths: {} })}>
            {t('Usual widths')}
          </button>
        )}
      </div>
    </details>
  );
}

/** With the part at `at` and the one after it changed about. */
export function swapped<Item>(items: readonly Item[], at: number): Item[] {
  const next = [...items];
  next.splice(at, 2, items[at + 1] as Item, items[at] as Item);
  return next;
}
