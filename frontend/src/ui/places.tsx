import { plural, t } from '../core/text';
import type { LabelingSession } from '../net/session';

/** What stands in the middle when there is no task to show. */
export function Places({ session }: { session: LabelingSession }) {
  const { urls } = session.context;
  switch (session.place.value) {
    case 'finished':
      return (
        <section class="task-place">
          <h2>{t('All done')}</h2>
          <p>{t('There is no task left for you in this project.')}</p>
          <p class="hint">{plural(session.counts.value.mine_today, 'You labelled {count} today.', 'You labelled {count} today.')}</p>
          <div class="button-row">
            <a class="button button-primary" href={urls.project}>
              {t('Back to the project')}
            </a>
            <button type="button" class="button" onClick={() => void session.goOn()}>
              {t('Look again')}
            </button>
          </div>
        </section>
      );
    case 'waiting':
      return (
        <section class="task-place" role="status">
          <h2>{t('Kept on this device')}</h2>
          <p>{t('The server cannot be reached. Your answer is safe here and will be sent as soon as it answers; then the next task comes.')}</p>
          <button type="button" class="button button-primary" onClick={() => session.outbox.flush()}>
            {t('Try now')}
          </button>
        </section>
      );
    case 'broken':
      return (
        <section class="task-place" role="alert">
          <h2>{t('The next task could not be loaded')}</h2>
          <p>{session.failure.value}</p>
          <button type="button" class="button button-primary" onClick={() => void session.goOn()}>
            {t('Try again')}
          </button>
        </section>
      );
    default:
      return <section class="task-place" aria-busy="true" />;
  }
}
