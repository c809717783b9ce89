import { useComputed } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Action } from '../../core/actions';
import { attribute, flag, numeric } from '../../core/node';
import { t } from '../../core/text';
import type { AnswerScope, TagNode, TagViewProps } from '../../core/types';
import { Icon } from '../../ui/icon';
import { KeyHint } from '../../ui/key-hint';
import { Question } from '../../ui/question';
import { addText, mostTexts, setTexts, textsIn } from './texts';

type Field = HTMLTextAreaElement;

/** Puts text at the caret as if it were typed. */
function insertAt(field: Field, text: string): string {
  const { selectionStart, selectionEnd, value } = field;
  const next = value.slice(0, selectionStart) + text + value.slice(selectionEnd);
  requestAnimationFrame(() => {
    field.focus();
    field.setSelectionRange(selectionStart + text.length, selectionStart + text.length);
  });
  return next;
}

function shortcutsOf(node: TagNode): TagNode[] {
  return node.children.filter((child) => child.tag === 'Shortcut');
}

function Shortcuts({ node, editor, insert }: TagViewProps & { insert: (text: string) => void }) {
  const shortcuts = shortcutsOf(node);
  useLayoutEffect(() => {
    const actions = shortcuts.flatMap((shortcut): Action[] => {
      const key = shortcut.attributes.hotkey;
      const title = String(shortcut.value);
      return key
        ? [
            {
              id: `shortcut:${shortcut.key}`,
              title,
              group: t('Texts'),
              keys: [key],
              inFields: true,
              quiet: true,
              run: () => insert(shortcut.attributes.alias || title),
            },
          ]
        : [];
    });
    return actions.length > 0 ? editor.actions.register(...actions) : undefined;
  });
  if (shortcuts.length === 0) return null;
  return (
    <div class="button-row">
      {shortcuts.map((shortcut) => (
        <button
          key={shortcut.key}
          type="button"
          class="button button-small"
          disabled={editor.readonly.value}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => insert(shortcut.attributes.alias || String(shortcut.value))}
        >
          {String(shortcut.value)}
          <KeyHint keys={shortcut.attributes.hotkey} />
        </button>
      ))}
    </div>
  );
}

interface InnerProps extends TagViewProps {
  scope: AnswerScope;
}

/** One text: what is typed is the answer. */
function SingleText({ node, editor, scope }: InnerProps) {
  const field = useRef<Field>(null);
  const row = useComputed(() => editor.answer(node, scope)).value;
  const merge = `text ${node.key} ${scope.region ?? ''} ${scope.item ?? ''}`;
  const change = (text: string) => setTexts(editor, node, text === '' ? [] : [text], { merge, scope });
  return (
    <>
      <textarea
        ref={field}
        class="input"
        rows={numeric(node, 'rows', 1)}
        aria-label={attribute(node, 'label') || attribute(node, 'placeholder') || node.name}
        placeholder={attribute(node, 'placeholder')}
        value={textsIn(row)[0] ?? ''}
        disabled={editor.readonly.value}
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && numeric(node, 'rows', 1) === 1 && !event.shiftKey && !event.ctrlKey && !event.metaKey) event.preventDefault();
        }}
      />
      <Shortcuts node={node} editor={editor} insert={(text) => field.current && change(insertAt(field.current, text))} />
    </>
  );
}

/** Several texts: a field, and a list of what was added. */
function TextList({ node, editor, scope }: InnerProps) {
  const field = useRef<Field>(null);
  const [typed, setTyped] = useState('');
  const pending = useRef('');
  pending.current = typed;
  const row = useComputed(() => editor.answer(node, scope)).value;
  const texts = textsIn(row);
  const rows = numeric(node, 'rows', 1);
  const room = texts.length < mostTexts(node);
  const readonly = editor.readonly.value;
  const add = () => {
    if (addText(editor, node, pending.current, scope)) setTyped('');
    else if (pending.current.trim() !== '') editor.say(t('This text is there already.'), 'problem');
  };
  useLayoutEffect(() => {
    const collect = () => {
      if (addText(editor, node, pending.current, scope)) {
        pending.current = '';
        setTyped('');
      }
    };
    const stop = editor.onCollect(collect);
    return () => {
      stop();
      collect();
    };
  }, [editor, node, scope]);
  const replace = (index: number, text: string) =>
    setTexts(editor, node, text.trim() === '' ? texts.filter((_, at) => at !== index) : texts.map((old, at) => (at === index ? text : old)), { scope });
  const editable = flag(node, 'editable') && !readonly;
  return (
    <>
      {room && (
        <div class="text-entry">
          <textarea
            ref={field}
            class="input"
            rows={rows}
            aria-label={attribute(node, 'label') || attribute(node, 'placeholder') || node.name}
            placeholder={attribute(node, 'placeholder')}
            value={typed}
            disabled={readonly}
            onInput={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => {
              const adds = event.key === 'Enter' && !event.ctrlKey && !event.metaKey && (rows > 1 ? event.shiftKey : !event.shiftKey);
              if (!adds || attribute(node, 'allowSubmit') === 'false') return;
              event.preventDefault();
              add();
            }}
          />
          <button type="button" class="button" disabled={readonly || typed.trim() === ''} onClick={add}>
            {t('Add')}
          </button>
        </div>
      )}
      <Shortcuts node={node} editor={editor} insert={(text) => field.current && setTyped(insertAt(field.current, text))} />
      {texts.length > 0 && (
        <ul class="text-answers">
          {texts.map((text, index) => (
            <li key={`${index}-${text}`}>
              {editable ? (
                <textarea
                  class="input"
                  rows={1}
                  aria-label={t('Text {number}', { number: index + 1 })}
                  value={text}
                  onChange={(event) => replace(index, event.currentTarget.value)}
                />
              ) : (
                <span>{text}</span>
              )}
              {!readonly && (
                <button
                  type="button"
                  class="button button-quiet icon-button"
                  aria-label={t('Remove {name}', { name: text.slice(0, 40) })}
                  onClick={() => replace(index, '')}
                >
                  <Icon name="x" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export default function TextArea({ node, editor }: TagViewProps) {
  const region = useComputed(() => editor.scopeOf(node)?.region).value;
  const item = useComputed(() => editor.scopeOf(node)?.item).value;
  const scope = useMemo((): AnswerScope => ({ ...(region !== undefined && { region }), ...(item !== undefined && { item }) }), [region, item]);
  const label = attribute(node, 'label');
  const Body = mostTexts(node) === 1 ? SingleText : TextList;
  return (
    <Question node={node} editor={editor} class="tag-textarea">
      {label && <p class="field-title">{label}</p>}
      <Body key={`${region}-${item}`} node={node} editor={editor} scope={scope} />
    </Question>
  );
}
