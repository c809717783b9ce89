import { effect } from '@preact/signals-core';
import { useEffect, useRef } from 'preact/hooks';
import { equalJson } from '../../core/json';
import { attribute } from '../../core/node';
import { t } from '../../core/text';
import type { Editor, TagNode, TagViewProps } from '../../core/types';
import { SourceNotice } from '../../spans/source-notice';
import { useSource } from '../../spans/use-source';
import { useConfigStyle } from '../../ui/config-style';

/** Answers are part of each draft and each export: longer ones are refused. */
const LONGEST = 1_000_000;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** What the interface gets: the value its `data` names, or all of the task. */
function dataOf(node: TagNode, editor: Editor): unknown {
  return node.attributes.data === undefined ? editor.data : parsed(attribute(node, 'data'));
}

/**
 * Code of the config in a page of its own without access to this one. They exchange messages, as docs/custom-interface.md says:
 * `ready`, `value` and `height` come from there, `start` and `value` go there.
 */
export default function CustomInterface({ node, editor }: TagViewProps) {
  const address = attribute(node, 'src');
  const box = useConfigStyle<HTMLDivElement>(attribute(node, 'style'));
  const frame = useRef<HTMLIFrameElement>(null);
  const [loaded, retry] = useSource(address === '' ? (node.text ?? '') : address, address !== '', String);
  const code = loaded && 'value' in loaded ? loaded.value : null;

  useEffect(() => {
    if (code === null) return;
    let stop = () => {};
    let held: unknown;
    const stored = () => editor.answer(node)?.value?.reactcode ?? null;
    const send = (type: string, content: Record<string, unknown>) => frame.current?.contentWindow?.postMessage({ type: `labelspace:${type}`, ...content }, '*');
    const start = () => {
      stop();
      held = stored();
      const { inputs, outputs } = node.attributes;
      send('start', { version: 1, code, data: dataOf(node, editor), inputs: parsed(inputs ?? 'null'), outputs: parsed(outputs ?? 'null'), value: held });
      // Undo, and another annotation that was opened, reach the interface too.
      stop = effect(() => {
        const value = stored();
        send('value', { value, readonly: editor.readonly.value });
        held = value;
      });
    };
    const hear = (event: MessageEvent) => {
      if (event.source !== frame.current?.contentWindow || typeof event.data !== 'object' || event.data === null) return;
      const message = event.data as { type?: unknown; value?: unknown; height?: unknown; message?: unknown };
      if (message.type === 'labelspace:ready') start();
      else if (message.type === 'labelspace:height' && frame.current)
        frame.current.style.height = `${Math.min(4000, Math.max(40, Number(message.height) || 0))}px`;
      else if (message.type === 'labelspace:problem')
        editor.say(t('The interface says: {message}', { message: String(message.message).slice(0, 300) }), 'problem');
      else if (message.type === 'labelspace:value' && !equalJson(message.value as never, held as never)) {
        const text = JSON.stringify(message.value ?? null);
        if (text.length > LONGEST) editor.say(t('The answer of this interface is too long to be kept.'), 'problem');
        else {
          held = message.value ?? null;
          editor.setAnswer(node, held === null ? null : { reactcode: JSON.parse(text) }, { merge: `custom ${node.key}` });
        }
      }
    };
    addEventListener('message', hear);
    return () => {
      removeEventListener('message', hear);
      stop();
    };
  }, [code, editor, node]);

  if (loaded === null || 'problem' in loaded) return <SourceNotice loaded={loaded} retry={retry} />;
  return (
    <div ref={box} class={['tag-custom', attribute(node, 'className')].filter(Boolean).join(' ')} data-control={node.name}>
      <iframe
        ref={(element) => {
          frame.current = element;
          if (!element) return;
          element.style.cssText ||= 'display: block; inline-size: 100%; block-size: 240px; border: 0; color-scheme: normal';
        }}
        title={t('Interface {name}', { name: node.name })}
        sandbox="allow-scripts"
        allow={attribute(node, 'allow') || undefined}
        src="/custom-interface/"
      />
    </div>
  );
}
