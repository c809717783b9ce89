/** The views of the project as tabs: all tasks first, then what people saved; a menu on the open one. */
import { useSignal } from '@preact/signals';
import { plural, t } from '../../core/text';
import { Refusal } from '../http';
import { Icon } from '../icon';
import { toast } from '../toast';
import { NameDialog, type NameQuestion } from './name-dialog';
import type { Store } from './store';
import type { SavedView } from './types';

export function Tabs({ store }: { store: Store }) {
  const { views, opened, changed } = store;
  const may = store.context.permissions.includes('views.change');
  const tabs: (SavedView | null)[] = [null, ...views.value];
  const question = useSignal<NameQuestion | null>(null);
  const ask = (asked: NameQuestion) => {
    question.value = asked;
  };

  const walk = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const list = event.currentTarget as HTMLElement;
    const at = tabs.findIndex((one) => one?.id === opened.value?.id);
    if (!step || !(event.target instanceof Element && event.target.matches('[role=tab]'))) return;
    const next = (at + step + tabs.length) % tabs.length;
    store.open(tabs[next] ?? null);
    list.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
    event.preventDefault();
  };

  if (!may && !views.value.length) return null;
  return (
    <div class="dm-tabs">
      <div class="dm-tab-list" role="tablist" aria-label={t('Views')} onKeyDown={walk}>
        {tabs.map((saved) => {
          const here = saved?.id === opened.value?.id;
          return (
            <button
              key={saved?.id ?? 0}
              type="button"
              role="tab"
              aria-selected={here}
              tabIndex={here ? 0 : -1}
              onClick={() => {
                if (!here || changed.value) store.open(saved);
              }}
            >
              {saved?.data.private === true && <Icon name="lock" />}
              {saved ? titleOf(saved) : t('All tasks')}
              {here && changed.value && (
                <span class="dm-changed" title={t('Changed')}>
                  •<span class="visually-hidden">{t('Changed')}</span>
                </span>
              )}
            </button>
          );
        })}
      </div>
      {may && opened.value && <TabMenu store={store} saved={opened.value} ask={ask} />}
      {may && opened.value && changed.value && (
        <button type="button" class="button button-small" onClick={() => opened.value && attempt(store.saveView(opened.value))}>
          {t('Save the view')}
        </button>
      )}
      {may && (
        <button
          type="button"
          class="button button-quiet button-small"
          onClick={() =>
            ask({
              title: t('New view'),
              proposal: t('View {n}', { n: views.value.length + 1 }),
              action: t('Save'),
              named: (title) => attempt(store.addView(title)),
            })
          }
        >
          <Icon name="plus" />
          {t('New view')}
        </button>
      )}
      {question.value && (
        <NameDialog
          question={question.value}
          close={() => {
            question.value = null;
          }}
        />
      )}
    </div>
  );
}

function TabMenu({ store, saved, ask }: { store: Store; saved: SavedView; ask: (question: NameQuestion) => void }) {
  const at = store.views.value.findIndex((one) => one.id === saved.id);
  const shared = saved.data.private !== true;
  const mine = saved.user === store.context.user;
  const entry = (title: string, act: () => void, dead = false) => (
    <button
      type="button"
      disabled={dead}
      onClick={(event) => {
        event.currentTarget.closest('details')?.removeAttribute('open');
        act();
      }}
    >
      {title}
    </button>
  );
  return (
    <details class="menu">
      <summary class="button button-quiet button-small icon-button" aria-label={t('What to do with {view}', { view: titleOf(saved) })}>
        <Icon name="more" />
      </summary>
      <div class="menu-list">
        {entry(t('Rename'), () =>
          ask({ title: t('Rename the view'), proposal: titleOf(saved), action: t('Rename'), named: (title) => attempt(store.renameView(saved, title)) }),
        )}
        {entry(t('Duplicate'), () => attempt(store.duplicateView(saved, t('{view} (copy)', { view: titleOf(saved) }))))}
        {(mine || !shared) && entry(shared ? t('Only for me') : t('Share with everybody'), () => attempt(store.shareView(saved, !shared)))}
        {entry(t('Move left'), () => attempt(store.moveView(saved, -1)), at <= 0)}
        {entry(t('Move right'), () => attempt(store.moveView(saved, 1)), at >= store.views.value.length - 1)}
        {entry(t('Delete'), () => {
          const tasks = plural(store.totals.value.tasks, '{n} task', '{n} tasks', { n: store.totals.value.tasks.toLocaleString('en') });
          const words = t('Delete the view {view}? Its {tasks} stay.', { view: titleOf(saved), tasks });
          if (window.confirm(words)) attempt(store.deleteView(saved));
        })}
      </div>
    </details>
  );
}

function titleOf(saved: SavedView): string {
  return saved.data.title || t('View {n}', { n: saved.id });
}

function attempt(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    toast(error instanceof Refusal ? error.message : t('The server could not be reached.'), 'error');
  });
}
