/** What can be done with the selected tasks. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { plural, t } from '../../core/text';
import { Refusal } from '../http';
import { Icon } from '../icon';
import { toast } from '../toast';
import { ActionDialog } from './action-dialog';
import { type ActionInfo, listActions } from './actions';
import type { Store } from './store';
import { labelThese } from './stream';

export function SelectionBar({ store }: { store: Store }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const actions = useSignal<ActionInfo[] | null>(null);
  const chosen = useSignal<ActionInfo | null>(null);
  const count = store.selected.value;
  if (!count && !chosen.value) return null;

  const load = async (): Promise<ActionInfo[]> => {
    try {
      actions.value = await listActions(store);
    } catch (error) {
      toast(error instanceof Refusal ? error.message : t('The server could not be reached.'), 'error');
    }
    return actions.value ?? [];
  };
  const choose = async (id: string) => {
    if (menu.current) menu.current.open = false;
    chosen.value = (actions.value ?? (await load())).find((one) => one.id === id) ?? null;
  };

  return (
    <>
      {count > 0 && (
        <div class="dm-selection" role="region" aria-label={t('Selection')}>
          <strong class="numbers">{t('{what} selected', { what: plural(count, '{n} task', '{n} tasks', { n: count.toLocaleString('en') }) })}</strong>
          <button
            type="button"
            class="button button-quiet button-small"
            onClick={() => {
              store.selection.value = { all: false, ids: new Set() };
            }}
          >
            {t('Select none')}
          </button>
          {store.context.permissions.includes('annotations.create') && (
            <button type="button" class="button button-small button-primary" onClick={() => labelThese(store)}>
              <Icon name="play" />
              {t('Label these')}
            </button>
          )}
          <details class="menu dm-actions" ref={menu} onToggle={() => void (menu.current?.open && load())}>
            <summary class="button button-small">
              {t('Actions')}
              <Icon name="chevron-down" />
            </summary>
            <div class="menu-list">
              {actions.value?.map((action) => (
                <button type="button" key={action.id} class={action.danger ? 'is-danger' : undefined} onClick={() => void choose(action.id)}>
                  {action.title}
                </button>
              ))}
              {actions.value?.length === 0 && <p class="quiet">{t('You may not change tasks here.')}</p>}
            </div>
          </details>
          {store.context.permissions.includes('tasks.delete') && (
            <button type="button" class="button button-small button-danger" onClick={() => void choose('delete_tasks')}>
              <Icon name="trash" />
              {t('Delete')}
            </button>
          )}
        </div>
      )}
      {chosen.value && (
        <ActionDialog
          key={chosen.value.id}
          store={store}
          action={chosen.value}
          close={() => {
            chosen.value = null;
          }}
        />
      )}
    </>
  );
}
