/** Above the table: the filters as a sentence, the order, the layout, the counts, what to do next. */
import { useSignal } from '@preact/signals';
import { plural, t } from '../../core/text';
import { Icon } from '../icon';
import { FilterGroup } from './filters';
import { LayoutMenu, OrderMenu } from './menus';
import { EVERYTHING } from './query';
import type { Store } from './store';
import { labelThese } from './stream';

export function Toolbar({ store }: { store: Store }) {
  const { context, view, totals } = store;
  const may = (action: string) => context.permissions.includes(action);
  const filtered = view.value.where.parts.length > 0;
  const asked = filtered || view.value.search !== '' || view.value.others.length > 0 || view.value.order.length > 0;
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
        <FilterGroup
          store={store}
          part={view.value.where}
          put={(where) => {
            view.value = { ...view.value, where: where ?? EVERYTHING.where };
          }}
          depth={0}
          name=""
        />
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
        <OrderMenu store={store} />
        <LayoutMenu store={store} />
        {may('annotations.create') &&
          (asked ? (
            <button type="button" class="button button-primary button-small" onClick={() => labelThese(store)}>
              <Icon name="play" />
              {t('Label these')}
            </button>
          ) : (
            <a class="button button-primary button-small" href={context.urls.label}>
              <Icon name="play" />
              {t('Label')}
            </a>
          ))}
      </div>
    </div>
  );
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
