import { useContext } from 'preact/hooks';
import { t } from '../core/text';
import type { LabelingSession, SaveState } from '../net/session';
import type { Tab } from '../net/tabs';
import { Icon } from './icon';
import { initials, personName } from './person';
import { SessionContext } from './session-context';

const CHIPS: Record<SaveState, { icon: string; text: () => string; hint: () => string }> = {
  saved: { icon: 'check', text: () => t('Saved'), hint: () => t('Everything is on the server.') },
  saving: { icon: 'sync', text: () => t('Saving…'), hint: () => t('Your last change is on its way.') },
  device: {
    icon: 'cloud-off',
    text: () => t('On this device'),
    hint: () => t('The server cannot be reached. Your work is kept on this device and sent as soon as it answers.'),
  },
  lost: { icon: 'warning', text: () => t('Not saved'), hint: () => t('Neither the server nor this device could keep your last change.') },
};

function SavedChip({ session }: { session: LabelingSession }) {
  const state = session.saved.value;
  const chip = CHIPS[state];
  return (
    <span class={`chip saved-chip is-${state}`} role="status" title={chip.hint()}>
      <Icon name={chip.icon} />
      <span class="chip-text">{chip.text()}</span>
    </span>
  );
}

export function tabTitle(session: LabelingSession, tab: Tab): { name: string; detail: string; mark: string } {
  if (tab.kind === 'prediction') {
    const score = tab.prediction?.score;
    const version = tab.prediction?.model_version || t('Prediction');
    return { name: version, detail: typeof score === 'number' ? score.toFixed(2) : '', mark: '' };
  }
  if (tab.kind === 'new') return { name: tab.draft ? t('My draft') : t('New'), detail: '', mark: session.context.user.initials };
  const person = tab.annotation?.completed_by;
  const own = typeof person === 'number' ? person === session.context.user.id : person?.id === session.context.user.id;
  return {
    name: own ? t('Mine') : personName(person),
    detail: tab.annotation?.was_cancelled ? t('skipped') : tab.annotation?.ground_truth ? t('ground truth') : '',
    mark: own ? session.context.user.initials : initials(person),
  };
}

function Tabs({ session }: { session: LabelingSession }) {
  const open = session.open.value?.tab.key;
  const tabs = session.tabs.value;
  if (tabs.length < 2 && tabs[0]?.kind === 'new') return null;
  const move = (event: KeyboardEvent, index: number) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(index + by + tabs.length) % tabs.length];
    if (by === 0 || !next) return;
    event.preventDefault();
    void session.openTab(next.key).then(() => document.querySelector<HTMLElement>('.annotation-tab[aria-selected="true"]')?.focus());
  };
  return (
    <div class="annotation-tabs" role="tablist" aria-label={t('Annotations and predictions')}>
      {tabs.map((tab, index) => {
        const { name, detail, mark } = tabTitle(session, tab);
        return (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`tab-${index}`}
            class={`annotation-tab is-${tab.kind}`}
            aria-selected={tab.key === open}
            aria-controls="task-area"
            tabIndex={tab.key === open ? 0 : -1}
            onClick={() => void session.openTab(tab.key)}
            onKeyDown={(event) => move(event, index)}
          >
            {tab.kind === 'prediction' ? <Icon name="sparkle" /> : <span class="avatar avatar-small">{mark}</span>}
            <span class="tab-name">{name}</span>
            {detail && <span class="tab-detail">{detail}</span>}
          </button>
        );
      })}
    </div>
  );
}

export function TopBar({ onTask, onInstructions, onCompare }: Record<'onTask' | 'onInstructions' | 'onCompare', () => void>) {
  const session = useContext(SessionContext) as LabelingSession;
  const { project, urls } = session.context;
  const counts = session.counts.value;
  const task = session.task.value;
  const mayAdd = session.mode === 'quick' && session.tabs.value.every((tab) => tab.kind !== 'new');
  return (
    <header class="task-top">
      <a class="task-back" href={urls.project} title={t('Back to the project')}>
        <Icon name="back" />
        <span>{project.title || t('Untitled')}</span>
      </a>
      {task && (
        <button type="button" class="button button-quiet task-number" onClick={onTask}>
          {t('Task {id}', { id: task.inner_id || task.id })}
          <Icon name="chevron-down" />
        </button>
      )}
      <span class="task-counts">
        <progress
          class="progress"
          max={Math.max(1, counts.total)}
          value={counts.done}
          aria-label={t('{done} of {total} tasks done', { done: counts.done, total: counts.total })}
        />
        <span>{t('{done} of {total}', { done: counts.done.toLocaleString(), total: counts.total.toLocaleString() })}</span>
        <span class="today">{t('{count} today', { count: counts.mine_today })}</span>
      </span>
      <span class="task-top-space" />
      {project.expert_instruction && (
        <button type="button" class="button button-quiet" aria-label={t('Instructions')} onClick={onInstructions}>
          <Icon name="book" />
          <span class="wide-only">{t('Instructions')}</span>
        </button>
      )}
      <SavedChip session={session} />
      <Tabs session={session} />
      {session.tabs.value.length > 1 && (
        <button type="button" class="button button-quiet icon-button" aria-label={t('Compare')} title={t('Compare')} onClick={onCompare}>
          <Icon name="compare" />
        </button>
      )}
      {mayAdd && (
        <button
          type="button"
          class="button button-quiet icon-button"
          aria-label={t('New annotation')}
          title={t('New annotation')}
          onClick={() => void session.addTab()}
        >
          <Icon name="plus" />
        </button>
      )}
    </header>
  );
}
