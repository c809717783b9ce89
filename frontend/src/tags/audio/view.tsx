/** A sound: its wave on a timeline, regions over it, a player below. */
import '../../timeline/timeline.css';
import './audio.css';
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useContext, useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { attribute, flag, numeric } from '../../core/node';
import { t } from '../../core/text';
import type { Editor, TagNode, TagViewProps } from '../../core/types';
import { TimeAxis } from '../../timeline/axis';
import { holdKeys, timelineActions } from '../../timeline/keys';
import { Player } from '../../timeline/player';
import { captionOf, drawingControl } from '../../timeline/range-rows';
import { Cursor, clockScale, Overview, Ruler } from '../../timeline/ruler';
import { joinPlayer } from '../../timeline/sync';
import { RangeTrack, type TrackItem, type TrackSource } from '../../timeline/track';
import { PlayButton, SpeedSelect, TimeField, Transport, TransportButton, Volume, ZoomButtons } from '../../timeline/transport';
import { registerAnchors } from '../../ui/anchors';
import { lazy } from '../../ui/lazy';
import { SessionContext } from '../../ui/session-context';
import type { Spectrogram } from './spectrogram';
import { loadWave, type Wave } from './wave';
import { paintWave } from './wave-painter';

const Failure = lazy(() => import('../../ui/media-failure').then((part) => part.MediaFailure));

/** Seconds. */
const STEP = 0.1;
const FAR = 1;
const CLOSEST = 0.05;
const SHORTEST = 0.01;
const CONTROLS = ['Labels'];

/** Ranges of seconds as they are stored. */
function audioSource(editor: Editor, node: TagNode, player: Player, isSplit: () => boolean, lanes: () => number): TrackSource {
  const control = () => drawingControl(editor, node.name, CONTROLS);
  return {
    least: SHORTEST,
    items() {
      void editor.regions.revision.value;
      const shows = { labels: editor.settings.value.showLabels || flag(node, 'showLabels'), score: flag(node, 'showScores') };
      return editor.regions.list(node.name).flatMap((region): TrackItem[] => {
        const { start, end, channel } = region.main.value ?? {};
        if (typeof start !== 'number' || typeof end !== 'number') return [];
        const lane = isSplit() && typeof channel === 'number' ? Math.min(channel, lanes() - 1) : 0;
        return [{ id: region.id, start, end, lane, color: editor.colorOf(region), caption: captionOf(editor, region, shows) }];
      });
    },
    lanes,
    canDraw: () => !editor.readonly.peek() && control() !== undefined,
    draw(start, end, lane) {
      const by = control();
      if (!by) return null;
      const extra = player.length.peek() > 0 ? { original_length: player.length.peek() } : {};
      return editor.createRegion({ control: by.name, object: node.name, value: { start, end, channel: lane }, extra });
    },
    reshape: (id, start, end, merge) => editor.updateRegion(id, { start, end }, { label: t('Change region'), merge }),
    seek: (time) => player.seek(time),
    snap: (time) => time,
    keyLane: () => 0,
  };
}

function infoAddress(editor: Editor, node: TagNode, task: number | undefined): string | null {
  const key = Object.keys(editor.data).find((name) => editor.data[name] === node.value);
  return task === undefined || key === undefined ? null : `/tasks/${task}/media-info/?key=${encodeURIComponent(key)}`;
}

export default function AudioView({ node, editor }: TagViewProps) {
  const session = useContext(SessionContext);
  const task = session?.task.peek()?.id;
  const address = typeof node.value === 'string' ? node.value : '';
  const frame = useRef<HTMLDivElement>(null);
  const lanes = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const spectrum = useRef<HTMLCanvasElement>(null);
  const track = useRef<RangeTrack | null>(null);
  const wave = useSignal<Wave | null>(null);
  const state = useSignal<'loading' | 'waiting' | 'ready' | 'none'>('loading');
  const attempt = useSignal(0);
  const scale = useSignal(Math.max(0.1, numeric(node, 'defaultScale', 1)));
  const showsSpectrum = useSignal(flag(node, 'spectrogram'));
  const isSplit = useSignal(flag(node, 'splitChannels'));
  const axis = useMemo(() => new TimeAxis(flag(node, 'zoom') && flag(node, 'scrollParent') ? CLOSEST : Number.POSITIVE_INFINITY), [node]);
  const player = useMemo(() => new Player(new Audio(), editor.say), [editor, node]);
  const channels = useComputed(() => wave.value?.channels.length ?? 1);
  const laneCount = useComputed(() => (isSplit.value ? channels.value : 1));

  useLayoutEffect(() => {
    const { media } = player;
    media.preload = 'metadata';
    media.volume = Math.min(1, Math.max(0, numeric(node, 'defaultVolume', 1)));
    media.defaultPlaybackRate = media.playbackRate = Math.min(4, Math.max(0.25, numeric(node, 'defaultSpeed', 1)));
    media.muted = flag(node, 'muted');
    media.preservesPitch = true;
    const leave = joinPlayer(editor, node, player);
    return () => {
      leave();
      player.destroy();
      media.removeAttribute('src');
      media.load();
    };
  }, [player, node, editor]);

  useSignalEffect(() => {
    void attempt.value;
    if (address === '') return;
    const stop = new AbortController();
    player.failed.value = false;
    player.media.src = address;
    state.value = 'loading';
    if (attribute(node, 'decoder') === 'none') state.value = 'none';
    else
      loadWave(address, infoAddress(editor, node, task), stop.signal, () => {
        if (!stop.signal.aborted) state.value = 'waiting';
      })
        .then((found) => {
          if (stop.signal.aborted) return;
          wave.value = found;
          state.value = found ? 'ready' : 'none';
        })
        .catch(() => {
          // The player says what is wrong with the file; without its wave it can still be marked.
          if (!stop.signal.aborted) state.value = 'none';
        });
    return () => stop.abort();
  });

  useSignalEffect(() => {
    const length = player.length.value || wave.value?.duration || 0;
    if (length === 0) return;
    const isFirst = axis.extent.peek().end === 0;
    axis.setExtent(0, length);
    if (isFirst) axis.zoomTo(Math.min(1500, Math.max(1, numeric(node, 'defaultZoom', 1))), 0);
  });

  useEffect(() => {
    if (!lanes.current || !frame.current) return;
    const source = audioSource(
      editor,
      node,
      player,
      () => isSplit.value,
      () => laneCount.value,
    );
    const made = new RangeTrack(lanes.current, axis, editor, source);
    track.current = made;
    const playChosen = () => {
      const region = [...editor.selection.peek()].map((id) => editor.regions.get(id)).find((found) => found?.object === node.name);
      const { start, end } = region?.main.value ?? {};
      if (typeof start !== 'number' || typeof end !== 'number') return false;
      player.play({ start, end });
      return true;
    };
    const actions = timelineActions({
      axis,
      track: () => (drawingControl(editor, node.name, CONTROLS) ? made : null),
      now: () => player.time.peek(),
      seek: (time) => player.seek(time),
      step: (direction) => direction * STEP,
      farStep: (direction) => direction * FAR,
      toggle: () => player.toggle(),
      playChosen,
      hotkey: attribute(node, 'hotkey'),
    });
    const stopKeys = holdKeys(editor, frame.current, actions);
    const stopAnchors = registerAnchors(
      editor,
      node.name,
      (id) => made.boxOf(id),
      () => lanes.current,
      (id) => made.reveal(id),
    );
    return () => {
      stopAnchors();
      stopKeys();
      made.destroy();
      track.current = null;
    };
  }, [editor, node, axis, player]);

  useSignalEffect(() => {
    void axis.window.value;
    void axis.width.value;
    void laneCount.value;
    if (canvas.current && wave.value) paintWave(canvas.current, axis, wave.value, { split: isSplit.value, scale: scale.value });
  });

  // The spectrogram's code comes with its first use.
  useSignalEffect(() => {
    const sound = wave.value;
    if (!showsSpectrum.value || !sound?.isSound) return;
    let made: Spectrogram | null = null;
    let stop = () => {};
    let alive = true;
    import('./spectrogram').then(({ Spectrogram }) => {
      if (!alive || !spectrum.current) return;
      const shown = new Spectrogram(spectrum.current, axis, sound);
      made = shown;
      stop = axis.window.subscribe(() => shown.paint());
    });
    return () => {
      alive = false;
      stop();
      made?.destroy();
    };
  });

  // What is played stays on screen.
  useSignalEffect(() => {
    const time = player.time.value;
    if (!player.playing.value) return;
    if (flag(node, 'autoCenter') && axis.zoomed.peek() > 1.001) axis.center(time);
    else axis.reveal(time);
  });

  if (address === '') return <p class="hint">{t('This task has no sound.')}</p>;
  const height = Math.max(numeric(node, 'height', 96), node.attributes.height ? 0 : 128, laneCount.value * numeric(node, 'waveHeight', 32));
  const label = t('Sound {name}. Space plays, arrow keys step, [ and ] mark a region.', { name: node.name });
  return (
    <div
      ref={frame}
      class="audio-tag"
      data-wide
      data-object={node.name}
      data-state={player.length.value > 0 && state.value !== 'loading' ? 'ready' : 'loading'}
    >
      {player.failed.value ? (
        <div class="timeline media-note" role="alert">
          <Failure address={address} kind="audio" />
          <button type="button" class="button" onClick={() => (attempt.value += 1)}>
            {t('Try again')}
          </button>
        </div>
      ) : null}
      <div class="timeline" hidden={player.failed.value}>
        <Ruler axis={axis} scale={clockScale} onSeek={(time) => player.seek(time)} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys work on the timeline while this has the focus. */}
        <div ref={lanes} class="timeline-lanes" role="application" tabIndex={0} aria-label={label} style={{ height: `${height}px` }}>
          <canvas ref={canvas} class="audio-wave" />
          {state.value === 'loading' && <p class="audio-hint hint">{t('Reading the sound…')}</p>}
          {state.value === 'waiting' && <p class="audio-hint hint">{t('The waveform is being made; the sound plays and can be marked.')}</p>}
          {state.value === 'none' && attribute(node, 'decoder') !== 'none' && <p class="audio-hint hint">{t('No waveform; it plays and can be marked.')}</p>}
        </div>
        {showsSpectrum.value && wave.value?.isSound && (
          <div class="audio-spectrogram">
            <canvas ref={spectrum} />
          </div>
        )}
        <Cursor
          axis={axis}
          time={() => player.time.value}
          width={numeric(node, 'cursorWidth', 2)}
          {...(node.attributes.cursorColor && { color: node.attributes.cursorColor })}
        />
        <Overview axis={axis} />
      </div>
      <Transport>
        <PlayButton player={player} />
        <TransportButton
          title={t('Repeat the region that is played')}
          icon="repeat"
          pressed={player.repeats.value}
          run={() => {
            player.repeats.value = !player.repeats.peek();
          }}
        />
        <TimeField player={player} />
        {flag(node, 'speed') && <SpeedSelect player={player} />}
        {flag(node, 'volume') && <Volume player={player} />}
        <span class="transport-space" />
        {channels.value > 1 && (
          <TransportButton
            title={t('Channels one below the other')}
            icon="channels"
            pressed={isSplit.value}
            run={() => {
              isSplit.value = !isSplit.peek();
            }}
          />
        )}
        {wave.value?.isSound && (
          <TransportButton
            title={t('Spectrogram')}
            icon="spectrogram"
            pressed={showsSpectrum.value}
            run={() => {
              showsSpectrum.value = !showsSpectrum.peek();
            }}
          />
        )}
        <input
          class="audio-scale"
          type="range"
          min={0.5}
          max={8}
          step={0.1}
          aria-label={t('Height of the wave')}
          title={t('Height of the wave')}
          value={scale.value}
          onInput={(event) => {
            scale.value = event.currentTarget.valueAsNumber;
          }}
        />
        {flag(node, 'zoom') && <ZoomButtons axis={axis} at={() => player.time.peek()} />}
      </Transport>
    </div>
  );
}
