/** A field for a comment: Ctrl+Enter sends, @ offers the people who can be named. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../core/text';
import type { TaskPerson } from '../core/types';
import { personName } from '../ui/person';
import type { Threads } from './threads';

const MOST = 6;

interface Props {
  threads: Threads;
  title: string;
  action: string;
  text?: string;
  focus?: boolean;
  /** Answers whether it was sent: then the field is empty again. */
  onSend: (text: string) => Promise<boolean>;
  onCancel?: () => void;
  children?: ComponentChildren;
}

export function Writing({ threads, title, action, text = '', focus = false, onSend, onCancel, children }: Props) {
  const words = useSignal(text);
  const naming = useSignal<string | null>(null);
  const at = useSignal(0);
  const busy = useSignal(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => {
    if (focus) field.current?.focus();
  }, []);
  const wanted = naming.value?.toLowerCase();
  const offered =
    wanted === undefined
      ? []
      : threads.people.value.filter((person) => person.email && `${personName(person)} ${person.email}`.toLowerCase().includes(wanted)).slice(0, MOST);
  const look = () => {
    const input = field.current;
    if (!input) return;
    const found = /(?:^|\s)@([^\s@]*)$/.exec(input.value.slice(0, input.selectionStart));
    naming.value = found?.[1] ?? null;
    at.value = 0;
    if (found) void threads.loadPeople();
  };
  const name = (person: TaskPerson | undefined) => {
    const input = field.current;
    if (!input || !person) return;
    const end = input.selectionStart;
    const start = input.value.lastIndexOf('@', end - 1);
    input.setRangeText(`@${person.email} `, start, end, 'end');
    words.value = input.value;
    naming.value = null;
    input.focus();
  };
  const sendIt = async () => {
    const said = words.peek().trim();
    if (said === '' || busy.peek()) return;
    busy.value = true;
    const sent = await onSend(said);
    busy.value = false;
    if (sent) words.value = '';
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void sendIt();
    else if (offered.length > 0 && event.key === 'ArrowDown') at.value = Math.min(offered.length - 1, at.peek() + 1);
    else if (offered.length > 0 && event.key === 'ArrowUp') at.value = Math.max(0, at.peek() - 1);
    else if (offered.length > 0 && (event.key === 'Enter' || event.key === 'Tab')) name(offered[at.peek()]);
    else if (offered.length > 0 && event.key === 'Escape') naming.value = null;
    else if (event.key === 'Escape' && onCancel) onCancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="comment-writing">
      <textarea
        ref={field}
        class="input"
        rows={2}
        aria-label={title}
        placeholder={title}
        aria-controls={`${id}-people`}
        aria-autocomplete="list"
        aria-activedescendant={offered.length > 0 ? `${id}-${at.value}` : undefined}
        value={words.value}
        onInput={(event) => {
          words.value = event.currentTarget.value;
          look();
        }}
        onKeyDown={press}
      />
      <ul id={`${id}-people`} class="comment-people" role="listbox" aria-label={t('People to name')} hidden={offered.length === 0}>
        {offered.map((person, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys.
          <li key={person.id} id={`${id}-${index}`} role="option" aria-selected={index === at.value} onClick={() => name(person)}>
            {personName(person)} <small>{person.email}</small>
          </li>
        ))}
      </ul>
      <div class="button-row">
        {children}
        {onCancel && (
          <button type="button" class="button button-small" onClick={onCancel}>
            {t('Cancel')}
          </button>
        )}
        <button type="button" class="button button-small button-primary" disabled={busy.value || words.value.trim() === ''} onClick={() => void sendIt()}>
          {action}
        </button>
      </div>
    </div>
  );
}
