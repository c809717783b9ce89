import { useComputed } from '@preact/signals';
import { useContext } from 'preact/hooks';
import { keysOf } from '../core/keymap';
import { plural, t } from '../core/text';
import type { LabelingSession } from '../net/session';
import { Icon } from './icon';
import { KeyHint, keyText } from './key-hint';
import { lazy } from './lazy';
import { SessionContext } from './session-context';

interface Props {
  onHelp: () => void;
  onSettings: () => void;
  onHistory: () => void;
  onComments: () => void;
  onSheet: (() => void) | null;
}

/** Only projects with an interactive model load what talks to it. */
const Assistant = lazy(() => import('./auto-annotation').then((part) => part.AutoAnnotation));

export function BottomBar({ onHelp, onSettings, onHistory, onComments, onSheet }: Props) {
  const session = useContext(SessionContext) as LabelingSession;
  const open = session.open.value;
  const overrides = session.context.user.custom_hotkeys ?? {};
  const key = (id: string) => {
    const action = session.actions.get(id);
    return action ? keysOf(action, overrides)[0] : undefined;
  };
  const regionCount = useComputed(() => {
    void session.open.value?.editor.regions.revision.value;
    return session.open.value?.editor.regions.size ?? 0;
  });
  if (!open) return null;
  const { editor, tab } = open;
  const isPrediction = tab.kind === 'prediction';
  const canSkip = session.context.project.show_skip_button !== false && !isPrediction && tab.editable;
  const busy = session.submitting.value;
  const skipped = tab.annotation?.was_cancelled === true;
  return (
    <footer class="task-bottom">
      <button
        type="button"
        class="button button-quiet icon-button"
        aria-label={t('Undo')}
        title={`${t('Undo')} (${keyText(key('annotation:undo') ?? '')})`}
        disabled={!editor.canUndo.value}
        onClick={() => editor.undo()}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        class="button button-quiet icon-button"
        aria-label={t('Redo')}
        title={`${t('Redo')} (${keyText(key('annotation:redo') ?? '')})`}
        disabled={!editor.canRedo.value}
        onClick={() => editor.redo()}
      >
        <Icon name="redo" />
      </button>
      {canSkip && (
        <button type="button" class="button button-quiet" disabled={busy} onClick={() => void session.skip()}>
          {t('Skip')}
          <KeyHint keys={key('annotation:skip')} />
        </button>
      )}
      {tab.annotation && (
        <button
          type="button"
          class="button button-quiet icon-button"
          aria-label={t('Versions of this annotation')}
          title={t('Versions of this annotation')}
          onClick={onHistory}
        >
          <Icon name="history" />
        </button>
      )}
      <button
        type="button"
        class="button button-quiet icon-button wide-only"
        aria-label={t('Editor settings')}
        title={t('Editor settings')}
        onClick={onSettings}
      >
        <Icon name="settings" />
      </button>
      <button type="button" class="button button-quiet icon-button wide-only" aria-label={t('All keys')} title={`${t('All keys')} (?)`} onClick={onHelp}>
        <Icon name="help" />
      </button>
      <button type="button" class="button button-quiet icon-button comments-button" aria-label={t('Comments')} title={t('Comments')} onClick={onComments}>
        <Icon name="comment" />
        {Number(session.task.value?.unresolved_comment_count) || ''}
      </button>
      {session.context.project.assistant && <Assistant session={session} />}
      {skipped && <span class="chip">{t('Was skipped')}</span>}
      <span class="task-bottom-space" />
      {onSheet && (
        <button type="button" class="button narrow-only" aria-label={plural(regionCount.value, '{count} region', '{count} regions')} onClick={onSheet}>
          <Icon name="list" />
          {regionCount.value}
        </button>
      )}
      {isPrediction ? (
        <button type="button" class="button button-primary" onClick={() => void session.addTab(tab)}>
          <Icon name="copy" />
          {t('Use as my annotation')}
        </button>
      ) : tab.editable ? (
        <button type="button" class="button button-primary submit" disabled={busy} onClick={() => void session.submit()}>
          {tab.annotation ? t('Update') : t('Submit')}
          <KeyHint keys={key('annotation:submit')} />
        </button>
      ) : (
        <button type="button" class="button" onClick={() => void session.addTab(tab)}>
          <Icon name="copy" />
          {t('Copy to a new annotation')}
        </button>
      )}
    </footer>
  );
}
