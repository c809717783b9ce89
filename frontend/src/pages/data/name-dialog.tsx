/** Asks for a name; refuses an empty one. */
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../../core/text';

/** What is asked, what stands there first, and what happens with the name. */
export interface NameQuestion {
  title: string;
  proposal: string;
  action: string;
  named: (name: string) => void;
}

export function NameDialog({ question, close }: { question: NameQuestion; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
    input.current?.select();
  }, []);
  const submit = (event: Event) => {
    event.preventDefault();
    const name = input.current?.value.trim() ?? '';
    if (!name) return;
    question.named(name);
    close();
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id}>{question.title}</h2>
      <form class="form" onSubmit={submit}>
        <div class="field">
          <label for={`${id}-name`}>{t('Name')}</label>
          <input ref={input} id={`${id}-name`} class="input" value={question.proposal} required maxLength={200} autocomplete="off" />
        </div>
        <p class="dialog-foot">
          <button type="button" class="button" onClick={close}>
            {t('Cancel')}
          </button>
          <button type="submit" class="button button-primary">
            {question.action}
          </button>
        </p>
      </form>
    </dialog>
  );
}
