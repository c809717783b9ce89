/** Threads on the task, the annotation and its regions, beside the task. */
import './comments.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { plural, t } from '../core/text';
import type { LabelingSession } from '../net/session';
import type { OpenTab } from '../net/tabs';
import { revealRegion } from '../ui/anchors';
import { Icon } from '../ui/icon';
import { initials, personName } from '../ui/person';
import { regionTitle } from '../ui/region-title';
import type { UiState } from '../ui/session-actions';
import { type About, type Comment, Threads } from './threads';
import { Writing } from './writing';

interface Parts {
  session: LabelingSession;
  threads: Threads;
  open: OpenTab;
}

function Subject({ open, comment, threads }: Parts & { comment: Comment }) {
  const id = comment.region_ref?.regionId;
  const region = id !== undefined && threads.isAbout(open, comment) ? open.editor.regions.get(id) : undefined;
  if (region)
    return (
      <button
        type="button"
        class="chip comment-region"
        ref={(chip) => chip?.style.setProperty('--label-color', open.editor.colorOf(region))}
        onClick={() => {
          open.editor.select([region.id]);
          revealRegion(open.editor, region.id);
        }}
      >
        <span class="label-swatch" aria-hidden="true" />
        {`${open.editor.regions.list().indexOf(region) + 1} ${regionTitle(open.editor, region)}`}
      </button>
    );
  if (comment.annotation === null && comment.draft === null) return <span class="hint">{t('Task')}</span>;
  return <span class="hint">{threads.isAbout(open, comment) ? t('This annotation') : t('Another annotation')}</span>;
}

function Words({ session, threads, comment }: Parts & { comment: Comment }) {
  const changing = useSignal(false);
  const { user } = session.context;
  const own = comment.created_by?.id === user.id;
  if (changing.value)
    return (
      <Writing
        threads={threads}
        title={t('Comment')}
        action={t('Save')}
        text={comment.text}
        focus
        onCancel={() => {
          changing.value = false;
        }}
        onSend={async (text) => {
          const sent = await threads.change(comment, text);
          if (sent) changing.value = false;
          return sent;
        }}
      />
    );
  return (
    <article class="comment">
      <header>
        <span class="avatar avatar-small" aria-hidden="true">
          {initials(comment.created_by)}
        </span>
        <strong>{personName(comment.created_by)}</strong>
        <time dateTime={comment.created_at}>{new Date(comment.created_at).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' })}</time>
        {own && (
          <button
            type="button"
            class="button button-quiet icon-button"
            aria-label={t('Change the comment')}
            title={t('Change the comment')}
            onClick={() => {
              changing.value = true;
            }}
          >
            <Icon name="note" />
          </button>
        )}
        {(own || user.permissions.includes('annotations.change_others')) && (
          <button
            type="button"
            class="button button-quiet icon-button"
            aria-label={t('Delete the comment')}
            title={t('Delete the comment')}
            onClick={() => void threads.remove(comment)}
          >
            <Icon name="trash" />
          </button>
        )}
      </header>
      <p>{comment.text}</p>
    </article>
  );
}

function ThreadItem({ first, answers, ...parts }: Parts & { first: Comment; answers: Comment[] }) {
  const { threads } = parts;
  const answering = useSignal(false);
  return (
    <li class={`comment-thread${first.is_resolved ? ' is-resolved' : ''}`}>
      <div class="comment-subject">
        <Subject {...parts} comment={first} />
        <button type="button" class="button button-quiet button-small" onClick={() => void threads.resolve(first, !first.is_resolved)}>
          <Icon name={first.is_resolved ? 'undo' : 'check'} />
          {first.is_resolved ? t('Open again') : t('Resolve')}
        </button>
      </div>
      <Words {...parts} comment={first} />
      {answers.map((answer) => (
        <Words key={answer.id} {...parts} comment={answer} />
      ))}
      {answering.value ? (
        <Writing
          threads={threads}
          title={t('Answer')}
          action={t('Answer')}
          focus
          onCancel={() => {
            answering.value = false;
          }}
          onSend={async (text) => {
            const sent = await threads.answer(first, text);
            if (sent) answering.value = false;
            return sent;
          }}
        />
      ) : (
        <button
          type="button"
          class="button button-quiet button-small"
          onClick={() => {
            answering.value = true;
          }}
        >
          {t('Answer')}
        </button>
      )}
    </li>
  );
}

export function Comments({ session, ui }: { session: LabelingSession; ui: UiState }) {
  const threads = useMemo(() => new Threads(session), [session]);
  const picked = useSignal<About | null>(null);
  const task = session.task.value?.id;
  const open = session.open.value;
  useEffect(() => {
    if (task !== undefined) void threads.load(task);
  }, [task]);
  useSignalEffect(() => {
    const now = session.open.value;
    ui.commented.value = now ? threads.byRegion(now) : new Map();
  });
  if (!ui.comments.value || !open) return null;
  const parts = { session, threads, open };
  const [region] = open.editor.selection.value;
  const about: About = picked.value === 'region' && region === undefined ? 'annotation' : (picked.value ?? (region === undefined ? 'annotation' : 'region'));
  const list = threads.threads();
  const waiting = list.filter(({ first }) => !first.is_resolved).length;
  const close = () => {
    ui.comments.value = false;
    document.querySelector<HTMLElement>('.comments-button')?.focus();
  };
  return (
    <aside
      class="comments-panel"
      aria-label={t('Comments')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        close();
      }}
    >
      <header class="panel-head">
        <h2>{plural(waiting, '{count} open comment', '{count} open comments')}</h2>
        <button type="button" class="button button-quiet icon-button" aria-label={t('Close')} onClick={close}>
          <Icon name="x" />
        </button>
      </header>
      <ul class="comment-list">
        {list.map((thread) => (
          <ThreadItem key={thread.first.id} {...parts} {...thread} />
        ))}
        {list.length === 0 && <li class="hint panel-empty">{t('Nobody has written anything yet.')}</li>}
      </ul>
      <Writing threads={threads} title={t('Write a comment')} action={t('Send')} focus onSend={(text) => threads.write(text, about, open, region)}>
        <select
          class="select select-small"
          aria-label={t('About')}
          value={about}
          onChange={(event) => {
            picked.value = event.currentTarget.value as About;
          }}
        >
          {region !== undefined && <option value="region">{t('The selected region')}</option>}
          <option value="annotation">{t('This annotation')}</option>
          <option value="task">{t('The task')}</option>
        </select>
      </Writing>
    </aside>
  );
}
