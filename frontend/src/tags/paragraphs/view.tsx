import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { colorOfText } from '../../core/colors';
import { attribute, flag } from '../../core/node';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { scrollIntoReach } from '../../spans/caret';
import { NodeLayer } from '../../spans/node-layer';
import { pieceAt } from '../../spans/pieces';
import { SourceNotice } from '../../spans/source-notice';
import { useSource } from '../../spans/use-source';
import { useSurface } from '../../spans/use-surface';
import { Icon } from '../../ui/icon';
import { LabelPicker } from '../../ui/label-picker';
import { registerPhrases } from './current';
import { phraseFormat, phraseStretches } from './format';
import { type Phrase, readPhrases } from './phrases';
import { Recording } from './recording';
import './paragraphs.css';

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const rest = seconds - whole ? `.${Math.round((seconds - whole) * 10)}` : '';
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}${rest}`;
}

const span = ({ start, end }: Phrase) => (start === null ? '' : end === null ? clock(start) : `${clock(start)}–${clock(end)}`);

export default function Paragraphs({ node, editor }: TagViewProps) {
  const [loaded, retry] = useSource(node.value, attribute(node, 'valueType') === 'url', (value) => readPhrases(node, value));
  const phrases = loaded && 'value' in loaded ? loaded.value : null;
  const host = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const audio = useRef<HTMLAudioElement>(null);
  const [recording, setRecording] = useState<Recording | null>(null);
  const author = useSignal('');
  const follow = useSignal(flag(node, 'contextScroll'));
  const at = useRef(-1);
  const address = attribute(node, 'audioUrl');
  const isTimed = address !== '' || attribute(node, 'sync') !== '';
  const dialogue = attribute(node, 'layout') === 'dialogue';
  const authors = useMemo(() => [...new Set(phrases?.map((phrase) => phrase.author).filter(Boolean))], [phrases]);
  const heard = useComputed(() => recording?.current.value ?? -1);
  const playing = useComputed(() => recording?.playing.value ?? false);

  const { surface, marker } = useSurface(
    editor,
    node,
    () => {
      const root = body.current;
      if (!phrases || !root || !host.current) return null;
      const texts = [...root.querySelectorAll<HTMLElement>('.phrase-text')];
      return {
        host: host.current,
        layer: (seen) => new NodeLayer(root, phraseStretches(texts), { frame: null, hasBlocks: true }, seen),
        format: phraseFormat(node),
        onPlainClick: (_event, position) => {
          at.current = pieceAt(surface.current?.board.layer.pieces ?? [], position);
        },
      };
    },
    [phrases],
  );

  useEffect(() => {
    if (!phrases) return;
    const made = new Recording(editor, node, phrases, audio.current);
    setRecording(made);
    return () => {
      setRecording(null);
      made.destroy();
    };
  }, [editor, node, phrases, address]);

  const labelWhole = (index: number): boolean => {
    const piece = surface.current?.board.layer.pieces[index];
    return piece !== undefined && (marker.take(piece.start, piece.end) || marker.pending.peek() !== null);
  };

  useEffect(() => {
    if (!phrases) return;
    return registerPhrases(editor, node, {
      move(by) {
        const layer = surface.current?.board.layer;
        const shown = [...(body.current?.querySelectorAll<HTMLElement>('.phrase') ?? [])].filter((element) => element.offsetParent !== null);
        const here = shown.findIndex((element) => Number(element.dataset.index) === at.current);
        const next = shown[Math.min(shown.length - 1, Math.max(0, here + by))];
        if (!layer || !next) return false;
        at.current = Number(next.dataset.index);
        const start = layer.point(layer.pieces[at.current]?.start ?? 0);
        body.current?.focus({ preventScroll: true });
        if (start) getSelection()?.collapse(start.node, start.offset);
        for (const element of shown) element.classList.toggle('is-current', element === next);
        scrollIntoReach(layer, next.getBoundingClientRect());
        return true;
      },
      labelWhole: () => labelWhole(here()),
      play() {
        recording?.toggle(here());
        return recording !== null;
      },
    });
  }, [editor, node, phrases, recording]);

  /** The phrase of the caret or selection, or the one gone to last. */
  const here = (): number => {
    const layer = surface.current?.board.layer;
    const focus = getSelection()?.focusNode;
    const position = layer && focus && layer.root.contains(focus) ? layer.position(focus, getSelection()?.focusOffset ?? 0) : null;
    return layer && position !== null ? pieceAt(layer.pieces, position) : Math.max(0, at.current);
  };

  useSignalEffect(() => {
    const index = heard.value;
    const layer = surface.current?.board.layer;
    const element = index >= 0 && playing.value && follow.value ? body.current?.children[index] : null;
    if (layer && element) scrollIntoReach(layer, element.getBoundingClientRect());
  });

  if (loaded === null || 'problem' in loaded) return <SourceNotice loaded={loaded} retry={retry} />;
  if (loaded.value.length === 0) return <p class="hint">{t('This dialogue has no phrases.')}</p>;
  const canLabel = marker.controls().length > 0;
  return (
    <div ref={host} class="tag-text tag-paragraphs" data-object={node.name}>
      {(authors.length > 1 || isTimed) && (
        <div class="phrase-bar">
          {address && (
            // biome-ignore lint/a11y/useMediaCaption: the dialogue below is its transcript.
            <audio ref={audio} src={address} preload="metadata" controls={flag(node, 'showPlayer')} />
          )}
          {authors.length > 1 && (
            <select class="input" aria-label={t('Author')} value={author.value} onChange={(event) => (author.value = event.currentTarget.value)}>
              <option value="">{t('All authors')}</option>
              {authors.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
          {isTimed && (
            <label class="check">
              <input type="checkbox" checked={follow.value} onChange={(event) => (follow.value = event.currentTarget.checked)} />
              {t('Follow the recording')}
            </label>
          )}
        </div>
      )}
      <div ref={body} class={`phrases htx-richtext${dialogue ? ' is-dialogue' : ''}`}>
        {loaded.value.map((phrase, index) => (
          <div
            key={index}
            class={`phrase${heard.value === index ? ' is-heard' : ''}`}
            data-index={index}
            hidden={author.value !== '' && author.value !== phrase.author}
            style={{ '--author': colorOfText(phrase.author) }}
          >
            <div class="phrase-head">
              {dialogue && phrase.author && <span class="phrase-author">{phrase.author}</span>}
              {(dialogue || isTimed) && phrase.start !== null && <span class="phrase-time">{span(phrase)}</span>}
            </div>
            <div class="phrase-text">{phrase.text}</div>
            <div class="phrase-tools">
              {isTimed && phrase.start !== null && (
                <button
                  type="button"
                  class="button button-quiet icon-button"
                  aria-label={playing.value && heard.value === index ? t('Stop') : t('Play the phrase')}
                  onClick={() => recording?.toggle(index)}
                >
                  <span aria-hidden="true">{playing.value && heard.value === index ? '❚❚' : '▶'}</span>
                </button>
              )}
              {canLabel && (
                <button
                  type="button"
                  class="button button-quiet icon-button phrase-label"
                  aria-label={t('Label the whole phrase')}
                  title={t('Label the whole phrase')}
                  disabled={editor.readonly.value}
                  onClick={() => labelWhole(index)}
                >
                  <Icon name="check" />
                </button>
              )}
            </div>
          </div>
        ))}
      </div>
      <LabelPicker marker={marker} editor={editor} board={() => surface.current?.board ?? null} host={host} />
    </div>
  );
}
