import { effect } from '@preact/signals-core';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { attribute, flag } from '../../core/node';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { Marker } from '../../spans/marker';
import { SpanOverlay } from '../../spans/overlay';
import { registerText } from '../../spans/sources';
import { SpanBoard } from '../../spans/span-board';
import { asText } from '../../spans/text-value';
import { registerAnchors } from '../../ui/anchors';
import { LabelPicker } from '../../ui/label-picker';
import { moveCaret } from './caret';

type Loaded = { text: string } | { problem: string } | null;

/** The text itself, or fetched from the address that the task gives. */
function useText(value: unknown, valueType: string, encoding: string): [Loaded, () => void] {
  const [attempt, setAttempt] = useState(0);
  const [loaded, setLoaded] = useState<Loaded>(valueType === 'url' ? null : { text: asText(value, encoding) });
  useEffect(() => {
    if (valueType !== 'url') {
      setLoaded({ text: asText(value, encoding) });
      return;
    }
    const abort = new AbortController();
    setLoaded(null);
    fetch(String(value), { signal: abort.signal })
      .then(async (answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        setLoaded({ text: asText(await answer.text(), encoding) });
      })
      .catch((error) => {
        if (!abort.signal.aborted)
          setLoaded({ problem: t('The text at {address} could not be loaded ({reason}).', { address: String(value), reason: error.message }) });
      });
    return () => abort.abort();
  }, [value, valueType, encoding, attempt]);
  return [loaded, () => setAttempt(attempt + 1)];
}

const URL_AT = /https?:\/\/[^\s<>"']+/g;

function linkAt(text: string, position: number): string | null {
  const from = text.lastIndexOf('\n', position - 1) + 1;
  const stop = text.indexOf('\n', position);
  const line = text.slice(from, stop < 0 ? text.length : stop);
  for (const match of line.matchAll(URL_AT)) if (from + match.index <= position && position < from + match.index + match[0].length) return match[0];
  return null;
}

export default function Text({ node, editor }: TagViewProps) {
  const [loaded, retry] = useText(node.value, attribute(node, 'valueType'), attribute(node, 'encoding'));
  const host = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const board = useRef<SpanBoard | null>(null);
  const overlay = useRef<SpanOverlay | null>(null);
  const marker = useMemo(() => new Marker(editor, node, () => board.current), [editor, node]);
  const text = loaded && 'text' in loaded ? loaded.text : null;
  const selectable = attribute(node, 'selectionEnabled') !== 'false' && marker.controls().length > 0;

  useLayoutEffect(() => {
    if (text === null || !body.current || !host.current) return;
    const made = new SpanBoard(body.current, text, node.name, editor, (pieces) => overlay.current?.painted(pieces));
    board.current = made;
    const drag = (id: string, edge: 'start' | 'end', x: number, y: number) => {
      const at = made.layer.positionAt(x, y);
      const span = made.spans.get(id);
      if (at === null || !span) return;
      const from = edge === 'start' ? Math.min(at, span.end - 1) : span.start;
      const to = edge === 'end' ? Math.max(at, span.start + 1) : span.end;
      editor.updateRegion(id, marker.value(made, from, to), { label: t('Resize'), merge: `resize ${id} ${edge}` });
    };
    overlay.current = new SpanOverlay(host.current, made, editor, flagOrDefault(node.attributes.showLabels), drag);
    overlay.current.painted(made.layer.pieces);
    const stopSource = registerText(editor, node.name, made.offsets);
    const stopAnchors = registerAnchors(
      editor,
      node.name,
      (id) => made.ends(id)?.first ?? null,
      (id) => made.layer.pieces[made.layer.touched(made.spans.get(id)?.start ?? 0, 0)[0]?.index ?? 0]?.element ?? null,
    );
    return () => {
      stopAnchors();
      stopSource();
      overlay.current?.destroy();
      made.destroy();
      overlay.current = null;
      board.current = null;
    };
  }, [text, editor, node, marker]);

  // Before the first paint: a label that is chosen while a selection waits goes to it, and does not stay active.
  useLayoutEffect(
    () =>
      effect(() => {
        const active = editor.activeLabels.value;
        const waiting = marker.pending.peek();
        const control = marker.activeControl();
        const stored = control ? active.get(control.name)?.[0] : undefined;
        if (!waiting || !control || stored === undefined) return;
        queueMicrotask(() => {
          marker.label(control, stored);
          editor.clearLabels();
          getSelection()?.removeAllRanges();
        });
      }),
    [editor, marker],
  );

  const selection = (): [number, number] | null => {
    const current = getSelection();
    const shown = board.current;
    if (!shown || !current || current.isCollapsed || current.rangeCount === 0) return null;
    const range = current.getRangeAt(0);
    if (!body.current?.contains(range.startContainer) && !body.current?.contains(range.endContainer)) return null;
    const from = shown.layer.position(range.startContainer, range.startOffset) ?? 0;
    const to = shown.layer.position(range.endContainer, range.endOffset) ?? shown.layer.text.length;
    return from < to ? [from, to] : null;
  };

  const takeSelection = () => {
    const selected = selection();
    if (selected && marker.take(selected[0], selected[1])) getSelection()?.removeAllRanges();
  };

  // A press inside a selection collapses it only after the pointer is up, so it is taken a moment later; a key that comes sooner waits for it.
  const due = useRef<ReturnType<typeof setTimeout>>(undefined);
  const takeSoon = () => {
    clearTimeout(due.current);
    due.current = setTimeout(takeDue);
  };
  const takeDue = () => {
    if (due.current === undefined) return;
    clearTimeout(due.current);
    due.current = undefined;
    takeSelection();
  };

  useLayoutEffect(() => {
    if (!selectable) return;
    document.addEventListener('keydown', takeDue, true);
    return () => document.removeEventListener('keydown', takeDue, true);
  }, [selectable, marker]);

  useEffect(() => {
    if (!selectable) return;
    // On touch screens the selection grows by its own handles: it is taken when it has been still for a moment.
    let timer: ReturnType<typeof setTimeout>;
    let touching = false;
    const onTouch = (event: PointerEvent) => {
      touching = event.pointerType === 'touch';
    };
    const onChange = () => {
      clearTimeout(timer);
      if (!touching) return;
      timer = setTimeout(takeSelection, 600);
    };
    document.addEventListener('pointerdown', onTouch, true);
    document.addEventListener('selectionchange', onChange);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerdown', onTouch, true);
      document.removeEventListener('selectionchange', onChange);
    };
  }, [selectable, marker]);

  const click = (event: MouseEvent) => {
    const shown = board.current;
    if (!shown || selection()) return;
    marker.pending.value = null;
    const at = shown.layer.positionAt(event.clientX, event.clientY);
    if (at === null) return;
    const ids = shown.at(at);
    const held = editor.selection.peek();
    if (ids.length > 0) {
      // Another click at the same place goes to the next span that lies there.
      const current = ids.findIndex((id) => held.has(id));
      const many = event.ctrlKey || event.metaKey;
      editor.select([ids[(current + 1) % ids.length] as string], many ? 'toggle' : 'replace');
    } else if (held.size > 0) editor.select([]);
    const link = flag(node, 'clickableLinks') ? linkAt(shown.layer.text, at) : null;
    if (link && ids.length === 0) window.open(link, '_blank', 'noopener,noreferrer');
  };

  const hover = (event: PointerEvent) => {
    const shown = board.current;
    if (!shown || event.buttons !== 0 || event.pointerType === 'touch') return;
    const at = shown.layer.positionAt(event.clientX, event.clientY);
    const found = at === null ? null : (shown.at(at)[0] ?? null);
    if (editor.hovered.peek() !== found) editor.hovered.value = found;
  };

  if (loaded === null) return <p class="hint">{t('Loading the text…')}</p>;
  if ('problem' in loaded) {
    return (
      <div class="notice notice-error" role="alert">
        <p>{loaded.problem}</p>
        <button type="button" class="button" onClick={retry}>
          {t('Try again')}
        </button>
      </div>
    );
  }
  return (
    <div ref={host} class={`tag-text${flag(node, 'inline') ? ' is-inline' : ''}`} data-object={node.name}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it is a textbox wherever something can be marked. */}
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: as above. */}
      <div
        ref={body}
        class="text-body htx-richtext"
        tabIndex={selectable ? 0 : undefined}
        role={selectable ? 'textbox' : undefined}
        aria-readonly={selectable ? 'true' : undefined}
        aria-multiline={selectable ? 'true' : undefined}
        aria-label={selectable ? t('Text {name}. Arrow keys move, Shift selects, Enter labels.', { name: node.name }) : undefined}
        onMouseUp={(event) => {
          if (event.button === 0) takeSoon();
        }}
        onClick={click}
        onPointerMove={hover}
        onPointerLeave={() => {
          editor.hovered.value = null;
        }}
        onKeyDown={(event) => {
          if (selectable && board.current && moveCaret(event, board.current.layer, takeSelection)) event.preventDefault();
          const current = getSelection();
          overlay.current?.showCaret(current?.isCollapsed && current.rangeCount ? current.getRangeAt(0) : null);
        }}
        onBlur={() => overlay.current?.showCaret(null)}
      />
      <LabelPicker marker={marker} editor={editor} board={() => board.current} host={host} />
    </div>
  );
}

const flagOrDefault = (value: string | undefined) => value?.toLowerCase() !== 'false';
