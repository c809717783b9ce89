import { useEffect, useState } from 'preact/hooks';
import { t } from '../../core/text';
import { api } from '../../net/api';
import type { DialogProps } from '../dialogs';
import { Frame } from './frame';

/** What the task holds, and in a stream the tasks that were labelled before. */
export function TaskData({ session, close }: DialogProps) {
  const task = session.task.value;
  const [past, setPast] = useState<{ taskId: number }[]>([]);
  useEffect(() => {
    if (session.mode !== 'stream') return;
    // Without a connection the list of this visit is enough.
    api
      .history(session.context.project.id)
      .then((found) =>
        setPast(
          found
            .filter(({ annotationId }) => annotationId !== null)
            .slice(-12)
            .reverse(),
        ),
      )
      .catch(() => setPast(session.visited.peek().map((taskId) => ({ taskId }))));
  }, []);
  if (!task) return null;
  const open = (id: number) => {
    close();
    void session.visit(id);
  };
  const others = past.filter(({ taskId }) => taskId !== task.id);
  return (
    <Frame title={t('Task {id}', { id: task.inner_id || task.id })} close={close} class="is-wide">
      {others.length > 0 && (
        <section>
          <h3>{t('Labelled before')}</h3>
          <div class="button-row">
            {others.map(({ taskId }) => (
              <button key={taskId} type="button" class="button button-small" onClick={() => open(taskId)}>
                {t('Task {id}', { id: taskId })}
              </button>
            ))}
          </div>
        </section>
      )}
      <section>
        <h3>{t('Data')}</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard. */}
        <pre class="task-json" tabIndex={0}>
          {JSON.stringify(task.data, null, 2)}
        </pre>
      </section>
    </Frame>
  );
}
