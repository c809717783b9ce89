import { t } from '../core/text';
import type { TaskPerson } from '../core/types';
import type { LabelingSession } from '../net/session';
import { personName } from './person';

/** Somebody changed the annotation while it was edited here: both versions are tabs now, and the person decides. */
export function ConflictNotice({ session }: { session: LabelingSession }) {
  const conflict = session.conflict.value;
  if (!conflict) return null;
  const changer = conflict.theirs.updated_by;
  const who = typeof changer === 'object' && changer !== null ? personName(changer as TaskPerson) : t('Somebody');
  const open = session.open.value?.tab.key;
  return (
    <div class="notice notice-warning conflict" role="alert">
      <p>{t('{who} changed this annotation while you worked on it. Both versions are kept: look at each, then choose.', { who })}</p>
      <div class="button-row">
        <button type="button" class="button" aria-pressed={open === conflict.mine.key} onClick={() => void session.openTab(conflict.mine.key)}>
          {t('Show mine')}
        </button>
        <button type="button" class="button" aria-pressed={open !== conflict.mine.key} onClick={() => void session.openTab(`annotation:${conflict.theirs.id}`)}>
          {t('Show theirs')}
        </button>
        <button type="button" class="button" onClick={() => void session.resolveConflict('mine')}>
          {t('Use mine')}
        </button>
        <button type="button" class="button" onClick={() => void session.resolveConflict('theirs')}>
          {t('Keep theirs')}
        </button>
      </div>
    </div>
  );
}
