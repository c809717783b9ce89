import { useComputed, useSignal } from '@preact/signals';
import { useContext, useEffect, useMemo, useRef } from 'preact/hooks';
import { colorOfText } from '../../core/colors';
import { regionId } from '../../core/ids';
import { numeric } from '../../core/node';
import { plural, t } from '../../core/text';
import type { Editor, TagNode, TagViewProps } from '../../core/types';
import { SessionContext } from '../../ui/session-context';
import { Answering } from './answering';
import { isEditable, type Message, messageRow, messagesOf, rolesOf } from './messages';
import './chat.css';

interface BubbleProps {
  node: TagNode;
  editor: Editor;
  message: Message;
}

function Bubble({ node, editor, message }: BubbleProps) {
  const editing = useSignal(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const selected = message.id !== null && editor.selection.value.has(message.id);
  const locked = editor.readonly.value;

  /** The message as a region: one of the task becomes one when it is first judged. */
  const region = (): string | null => {
    if (message.id !== null || locked) return message.id;
    const id = regionId();
    editor.commit(t('Select a message'), [{ row: messageRow(node, id, message.role, message.content, message.index) }]);
    return id;
  };
  const judged = editor.controlsFor(node.name).some((control) => control.attributes.perRegion?.toLowerCase() === 'true');
  const select = () => {
    if (!judged && message.id === null) return;
    const id = selected ? null : region();
    editor.select(id === null ? [] : [id]);
  };
  const save = () => {
    const content = field.current?.value.trim() ?? '';
    editing.value = false;
    if (content === '' || content === message.content) return;
    const id = region();
    const entry = editor.rows().find(([, row]) => row.id === id && row.type === 'chatmessage');
    if (!entry) return;
    const [key, row] = entry;
    editor.commit(t('Change a message'), [{ key, row: { ...row, value: { ...row.value, chatmessage: { ...(row.value?.chatmessage as object), content } } } }]);
  };
  return (
    <li
      class={`chat-message is-${message.role === 'user' ? 'user' : 'other'}${selected ? ' is-selected' : ''}`}
      style={{ '--author': colorOfText(message.role) }}
    >
      {editing.value ? (
        <form
          class="chat-edit"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <textarea
            ref={(element) => {
              field.current = element;
              element?.focus();
            }}
            class="input"
            rows={4}
            aria-label={t('Message of {role}', { role: message.role })}
            defaultValue={message.content}
          />
          <div class="button-row">
            <button type="submit" class="button button-primary">
              {t('Save')}
            </button>
            <button
              type="button"
              class="button"
              onClick={() => {
                editing.value = false;
              }}
            >
              {t('Cancel')}
            </button>
          </div>
        </form>
      ) : (
        <button type="button" class="chat-bubble" aria-pressed={selected} disabled={!judged && message.id === null} onClick={select}>
          <span class="chat-role">{message.role}</span>
          <span class="chat-content">{message.content}</span>
        </button>
      )}
      {!editing.value && !locked && (
        <span class="chat-tools">
          {isEditable(node, message.role) && (
            <button
              type="button"
              class="button button-quiet button-small"
              onClick={() => {
                editing.value = true;
              }}
            >
              {t('Edit')}
            </button>
          )}
          {message.index === null && message.id !== null && (
            <button type="button" class="button button-quiet button-small" onClick={() => editor.deleteRegions([message.id as string])}>
              {t('Delete')}
            </button>
          )}
        </span>
      )}
    </li>
  );
}

/** A conversation: read, judged message by message, and continued. */
export default function Chat({ node, editor }: TagViewProps) {
  const session = useContext(SessionContext);
  const messages = useComputed(() => messagesOf(editor, node)).value;
  const roles = rolesOf(node);
  const role = useSignal<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const task = session?.task.peek()?.id;
  const model = useMemo(() => new Answering(editor, node, task), [editor, node, task]);
  useEffect(() => () => model.close(), [model]);
  const most = numeric(node, 'maxMessages', Number.POSITIVE_INFINITY);
  const least = numeric(node, 'minMessages', 0);
  const problem = session?.problems.value.find((candidate) => candidate.node.key === node.key && messages.length < least);
  // Whoever did not speak last speaks next.
  const last = messages.at(-1)?.role;
  const speaker = role.value ?? roles.find((name) => name !== last) ?? roles[0] ?? 'user';

  const send = () => {
    const content = field.current?.value.trim() ?? '';
    if (content === '' || !field.current) return;
    editor.commit(t('Add a message'), [{ row: messageRow(node, regionId(), speaker, content, null) }]);
    field.current.value = '';
    role.value = null;
    if (speaker === 'user' && model.trouble.peek() === '' && messagesOf(editor, node).length < most) void model.ask();
  };
  return (
    <section class={`tag-chat htx-chat${problem ? ' has-problem' : ''}`} data-object={node.name} aria-label={t('Conversation {name}', { name: node.name })}>
      {messages.length === 0 && <p class="hint">{t('Nobody has said anything yet. Write the first message.')}</p>}
      <ol class="chat-messages">
        {messages.map((message) => (
          <Bubble key={message.index === null ? message.id : `task-${message.index}`} node={node} editor={editor} message={message} />
        ))}
      </ol>
      {model.waits.value && (
        <p class="hint" role="status">
          {t('The model is answering…')}
        </p>
      )}
      {model.trouble.value && (
        <p class="hint" role="status">
          {model.trouble.value}
        </p>
      )}
      {model.possible && !model.waits.value && !editor.readonly.value && messages.length > 0 && last !== 'assistant' && messages.length < most && (
        <button type="button" class="button button-small chat-ask" onClick={() => void model.ask()}>
          {t('Ask the model')}
        </button>
      )}
      {!editor.readonly.value && roles.length > 0 && messages.length < most && (
        <form
          class="chat-form"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          {roles.length > 1 && (
            <select class="input" aria-label={t('Write as')} value={speaker} onChange={(event) => (role.value = event.currentTarget.value)}>
              {roles.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
          <textarea
            ref={field}
            class="input"
            rows={2}
            aria-label={t('Message')}
            placeholder={t('Write as {role}; Enter adds it, Shift+Enter starts a line', { role: speaker })}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
              event.preventDefault();
              send();
            }}
          />
          <button type="submit" class="button">
            {t('Add')}
          </button>
        </form>
      )}
      {!editor.readonly.value && messages.length >= most && most > 0 && <p class="hint">{t('The conversation has as many messages as it may have.')}</p>}
      {problem ? (
        <p class="field-error" role="alert">
          {problem.message}
        </p>
      ) : (
        messages.length < least && <p class="hint">{plural(least - messages.length, '{count} more message is needed.', '{count} more messages are needed.')}</p>
      )}
    </section>
  );
}
