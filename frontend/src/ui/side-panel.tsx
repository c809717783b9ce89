import { useComputed } from '@preact/signals';
import { relationsOf } from '../core/relations';
import { t } from '../core/text';
import type { LabelingSession } from '../net/session';
import { Details } from './details';
import { Icon } from './icon';
import { lazy } from './lazy';
import { Outliner } from './outliner';
import type { UiState } from './session-actions';

const Relations = lazy(() => import('./relations-panel').then((part) => part.RelationsPanel));

/** Beside the task: regions, what is selected, relations. A sheet from below on narrow windows. */
export function SidePanel({ session, ui }: { session: Pick<LabelingSession, 'open'>; ui: UiState }) {
  const open = session.open.value;
  const some = useComputed(() => session.open.value && relationsOf(session.open.value.editor).length > 0).value;
  if (!open) return null;
  return (
    <aside class={`task-side${ui.sheet.value ? ' is-open' : ''}`} aria-label={t('Regions and details')} key={open.id}>
      <button
        type="button"
        class="button button-quiet icon-button sheet-close narrow-only"
        aria-label={t('Close')}
        onClick={() => {
          ui.sheet.value = false;
        }}
      >
        <Icon name="x" />
      </button>
      <Outliner editor={open.editor} ui={ui} />
      <Details editor={open.editor} ui={ui} />
      {some && <Relations editor={open.editor} />}
    </aside>
  );
}
