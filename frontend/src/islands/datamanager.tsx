/** The data page's table, mounted where the server left a place for it. */
import { render } from 'preact';
import { plural, t } from '../core/text';
import { Grid } from '../pages/data/grid';
import { EVERYTHING } from '../pages/data/query';
import { SelectionBar } from '../pages/data/selection-bar';
import { createStore } from '../pages/data/store';
import { Table } from '../pages/data/table';
import { Tabs } from '../pages/data/tabs';
import { Toolbar } from '../pages/data/toolbar';
import type { Context } from '../pages/data/types';

function DataManager({ store }: { store: ReturnType<typeof createStore> }) {
  const { problem, totals, view } = store;
  return (
    <>
      <Tabs store={store} />
      <Toolbar store={store} />
      {problem.value && (
        <p class="notice notice-error" role="alert">
          {problem.value}{' '}
          <button type="button" class="button button-small" onClick={store.reload}>
            {t('Try again')}
          </button>
        </p>
      )}
      {store.lag.value > 0 && (
        <p class="dm-lag quiet" role="status">
          {plural(
            store.lag.value,
            'The search index has {n} task to read; until then searches are right, but slower.',
            'The search index has {n} tasks to read; until then searches are right, but slower.',
            {
              n: store.lag.value.toLocaleString('en'),
            },
          )}
        </p>
      )}
      {store.layout.value.type === 'grid' ? <Grid store={store} /> : <Table store={store} />}
      {totals.value.known && totals.value.tasks === 0 && (
        <p class="dm-none">
          {view.value.where.parts.length > 0 || view.value.search || view.value.others.length > 0 ? (
            <>
              {t('No task matches.')}{' '}
              <button
                type="button"
                class="button button-small"
                onClick={() => {
                  view.value = { ...view.value, where: EVERYTHING.where, search: '', others: [] };
                }}
              >
                {t('Show all tasks')}
              </button>
            </>
          ) : (
            <>
              {t('No tasks are left. What was deleted can be taken back in the recycle bin.')}{' '}
              {store.context.permissions.includes('tasks.create') && (
                <a class="button button-small" href={store.context.urls.import}>
                  {t('Import data')}
                </a>
              )}
            </>
          )}
        </p>
      )}
      <SelectionBar store={store} />
    </>
  );
}

const root = document.querySelector<HTMLElement>('[data-island="datamanager"]');
const context = document.querySelector('#datamanager-context')?.textContent;
if (root && context) render(<DataManager store={createStore(JSON.parse(context) as Context)} />, root);
