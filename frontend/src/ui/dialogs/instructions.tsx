import { t } from '../../core/text';
import type { DialogProps } from '../dialogs';
import { Rich } from '../rich';
import { Frame } from './frame';

export function Instructions({ session, close }: DialogProps) {
  const text = session.context.project.expert_instruction ?? '';
  return (
    <Frame title={t('Instructions')} close={close} class="is-reading">
      {/<\w+[^>]*>/.test(text) ? <Rich html={text} block /> : <p class="instructions-text">{text}</p>}
      <footer class="dialog-foot">
        <button type="button" class="button button-primary" onClick={close}>
          {t('Start labelling')}
        </button>
      </footer>
    </Frame>
  );
}
