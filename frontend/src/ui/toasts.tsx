import { t } from '../core/text';
import type { LabelingSession } from '../net/session';
import { Icon } from './icon';

export function Toasts({ session }: { session: Pick<LabelingSession, 'messages' | 'dismiss'> }) {
  return (
    <div class="toasts editor-toasts" role="status" aria-live="polite">
      {session.messages.value.map((message) => (
        <p key={message.id} class={`toast toast-${message.kind === 'problem' ? 'error' : 'info'}`}>
          <span>{message.sentence}</span>
          <button type="button" class="button button-quiet icon-button" aria-label={t('Dismiss')} onClick={() => session.dismiss(message.id)}>
            <Icon name="x" />
          </button>
        </p>
      ))}
    </div>
  );
}
