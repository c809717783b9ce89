import { plural, t } from '../core/text';
import { assistantOf } from '../net/assistant';
import type { LabelingSession } from '../net/session';
import './auto-annotation.css';
import { Icon } from './icon';
import { KeyHint } from './key-hint';

/** The switch that sends what is drawn to the model, and what to do with its suggestions. */
export function AutoAnnotation({ session }: { session: LabelingSession }) {
  const assistant = assistantOf(session);
  const suggestions = assistant.suggestions.value;
  if (!suggestions) return null;
  const count = suggestions.count.value;
  return (
    <span class="auto-annotation">
      <button
        type="button"
        role="switch"
        class={`button button-quiet auto-switch${assistant.on.value ? ' is-on' : ''}`}
        aria-checked={assistant.on.value}
        aria-label={t('Auto-annotation')}
        title={t('What you draw is sent to {model}, and what it makes of it is suggested to you.', { model: assistant.model.title })}
        onClick={() => assistant.toggle()}
      >
        <Icon name={assistant.asking.value ? 'sync' : 'sparkle'} />
        <span class="wide-only">{assistant.asking.value ? t('Asking…') : t('Auto-annotation')}</span>
      </button>
      {count > 0 && (
        <span class="suggestion-bar" role="status" aria-label={plural(count, 'One suggestion', '{count} suggestions')}>
          <button type="button" class="button" onClick={() => assistant.accept()}>
            <Icon name="check" />
            {t('Accept ({count})', { count })}
            <KeyHint keys="enter" />
          </button>
          <button type="button" class="button button-quiet" onClick={() => suggestions.reject()}>
            <Icon name="x" />
            {t('Reject')}
            <KeyHint keys="escape" />
          </button>
        </span>
      )}
    </span>
  );
}
