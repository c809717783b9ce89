/** Before an action is done: what it does, to how much, with which parameters. */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../../core/text';
import { Refusal } from '../http';
import { followJob } from '../job-toast';
import { toast } from '../toast';
import { type ActionAnswer, type ActionInfo, type Counts, countSelected, type FormField, inWords, perform, undo } from './actions';
import { refreshProjectHead } from './project-head';
import type { Store } from './store';

export function ActionDialog({ store, action, close }: { store: Store; action: ActionInfo; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const counts = useSignal<Counts | null>(null);
  const problem = useSignal('');
  const busy = useSignal(false);
  useEffect(() => {
    dialog.current?.showModal();
    countSelected(store, action.id).then(
      (found) => {
        counts.value = found;
      },
      () => undefined, // the dialog works without the numbers
    );
  }, []);
  const fields = (action.dialog.form ?? []).flatMap((part) => part.fields);

  const submit = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    problem.value = '';
    try {
      const answer = await perform(store, action.id, valuesOf(event.currentTarget as HTMLFormElement, fields));
      close();
      told(store, answer);
    } catch (error) {
      problem.value = error instanceof Refusal ? error.message : t('The server could not be reached. Nothing was changed.');
    } finally {
      busy.value = false;
    }
  };

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={title} onClose={close}>
      <h2 id={title}>{action.title}</h2>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <p>{action.dialog.text}</p>
        <p class="numbers" aria-live="polite">
          <strong>{counts.value ? inWords(counts.value) : '…'}</strong>
        </p>
        {fields.map((field) => (
          <Field key={field.name} field={field} />
        ))}
        {problem.value && (
          <p class="field-error" role="alert">
            {problem.value}
          </p>
        )}
        <p class="dialog-foot">
          <button type="button" class="button" onClick={close}>
            {t('Cancel')}
          </button>
          <button type="submit" class={`button ${action.danger ? 'button-danger' : 'button-primary'}`} disabled={busy.value}>
            {action.title}
          </button>
        </p>
      </form>
    </dialog>
  );
}

function Field({ field }: { field: FormField }) {
  const id = useId();
  if (field.type === 'toggle') {
    return (
      <label class="check">
        <input type="checkbox" name={field.name} />
        <span>{field.label}</span>
      </label>
    );
  }
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      {field.type === 'select' ? (
        <select
          id={id}
          class="select"
          name={field.name}
          multiple={field.multiple}
          size={field.multiple ? Math.min(6, field.options?.length ?? 1) : undefined}
          required={field.required}
        >
          {(field.options ?? []).map((option) => {
            const { value, label } = typeof option === 'string' ? { value: option, label: option || t('any') } : option;
            return (
              <option key={value} value={value}>
                {label}
              </option>
            );
          })}
        </select>
      ) : (
        <input
          id={id}
          class="input"
          name={field.name}
          type={field.type === 'number' ? 'number' : 'text'}
          autocomplete="off"
          required={field.required}
          list={field.suggestions ? `${id}-list` : undefined}
        />
      )}
      {field.suggestions && (
        <datalist id={`${id}-list`}>
          {field.suggestions.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
      )}
    </div>
  );
}

function valuesOf(form: HTMLFormElement, fields: FormField[]): Record<string, unknown> {
  const data = new FormData(form);
  return Object.fromEntries(
    fields.map((field) => [
      field.name,
      field.type === 'toggle' ? data.has(field.name) : field.multiple ? data.getAll(field.name) : (data.get(field.name) ?? ''),
    ]),
  );
}

/** Whatever an action touches is read anew: the rows, and how far the project is. */
function changed(store: Store): void {
  store.reload();
  void refreshProjectHead();
}

/** Says what was done, or follows the job that does it; offers to undo it. */
function told(store: Store, answer: ActionAnswer): void {
  if (answer.job) {
    followJob<ActionAnswer>(
      store.context.urls.jobs,
      answer.job,
      (result) => told(store, result),
      () => changed(store),
    );
    return;
  }
  changed(store);
  const { entry } = answer;
  toast(answer.detail, 'info', entry ? { title: t('Undo'), run: () => void takeBack(store, entry) } : undefined);
}

async function takeBack(store: Store, entry: number): Promise<void> {
  try {
    const answer = await undo(store, entry);
    const back = () => {
      changed(store);
      toast(t('Undone.'));
    };
    if (answer.job) followJob(store.context.urls.jobs, answer.job, back, () => changed(store));
    else back();
  } catch (error) {
    toast(error instanceof Refusal ? error.message : t('The server could not be reached.'), 'error');
  }
}
