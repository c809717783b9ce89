/** What can be done with the selected tasks. Deleting cannot be undone, so it says what goes and asks. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { plural, t } from '../../core/text';
import { Refusal } from '../http';
import { Icon } from '../icon';
import { toast } from '../toast';
import type { Store } from './store';

export function SelectionBar({ store }: { store: Store }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const busy = useSignal(false);
  const count = store.selected.value;
  if (!count) return null;
  const words = plural(count, '{n} task', '{n} tasks', { n: count.toLocaleString('en') });

  const remove = async () => {
    busy.value = true;
    try {
      const gone = await store.deleteSelected();
      toast(plural(gone, '{n} task is deleted.', '{n} tasks are deleted.', { n: gone.toLocaleString('en') }));
      dialog.current?.close();
    } catch (error) {
      toast(error instanceof Refusal ? error.message : t('The server could not be reached. Nothing was deleted.'), 'error');
    } finally {
      busy.value = false;
    }
  };

  return (
    <div class="dm-selection" role="region" aria-label={t('Selection')}>
      <strong class="numbers">{t('{what} selected', { what: words })}</strong>
      <button
        type="button"
        class="button button-quiet button-small"
        onClick={() => {
          store.selection.value = { all: false, ids: new Set() };
        }}
      >
        {t('Select none')}
      </button>
      {store.context.permissions.includes('tasks.delete') && (
        <button type="button" class="button button-small button-danger" onClick={() => dialog.current?.showModal()}>
          <Icon name="trash" />
          {t('Delete')}
        </button>
      )}
      <dialog ref={dialog} class="dialog" aria-labelledby="delete-title">
        <h2 id="delete-title">{t('Delete {what}?', { what: words })}</h2>
        <p>{lost(store)}</p>
        <p class="dialog-foot">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {t('Keep them')}
          </button>
          <button type="button" class="button button-danger" disabled={busy.value} onClick={() => void remove()}>
            {t('Delete {what}', { what: words })}
          </button>
        </p>
      </dialog>
    </div>
  );
}

/** Annotations that go with the tasks, as far as the rows are here. */
function lost(store: Store): string {
  const { all, ids } = store.selection.value;
  if (all && !ids.size) {
    const annotations = store.totals.value.annotations;
    return plural(annotations, 'Its {n} annotation goes with them. This cannot be undone.', 'Their {n} annotations go with them. This cannot be undone.', {
      n: annotations.toLocaleString('en'),
    });
  }
  const rows = all ? null : [...ids].map((id) => store.rowById(id));
  if (!rows || rows.some((row) => !row)) return t('Their annotations, drafts and predictions go with them. This cannot be undone.');
  const annotations = rows.reduce((sum, row) => sum + (row?.total_annotations ?? 0) + (row?.cancelled_annotations ?? 0), 0);
  if (!annotations) return t('None of them has an annotation. This cannot be undone.');
  return plural(annotations, '{n} annotation goes with them. This cannot be undone.', '{n} annotations go with them. This cannot be undone.', {
    n: annotations.toLocaleString('en'),
  });
}
