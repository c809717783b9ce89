/** A video: the stage of images over its frames, a player, a timeline with labels of frames and the lives of what is tracked. */
import '../image/image.css';
import '../../timeline/timeline.css';
import './video.css';
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { batch, effect } from '@preact/signals-core';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { attribute, flag, numeric } from '../../core/node';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { stageActions } from '../../stage/keys';
import { Stage } from '../../stage/stage';
import { TimeAxis } from '../../timeline/axis';
import { holdKeys, timelineActions } from '../../timeline/keys';
import { Player } from '../../timeline/player';
import { Cursor, countScale, Overview, Ruler } from '../../timeline/ruler';
import { joinPlayer } from '../../timeline/sync';
import { RangeTrack } from '../../timeline/track';
import { PlayButton, SpeedSelect, TimeField, Transport, TransportButton, Volume, ZoomButtons } from '../../timeline/transport';
import { registerAnchors } from '../../ui/anchors';
import { lazy } from '../../ui/lazy';
import { Toolbar } from '../image/toolbar';
import { frameAt, frameOf, timeOf } from './clock';
import { trackActions, trackState } from './keys';
import { frameLabels, laneCount, videoItems, videoSource } from './lanes';

const Failure = lazy(() => import('../../ui/media-failure').then((part) => part.MediaFailure));

const FAR = 10;
/** The fewest frames that fill the timeline. */
const CLOSEST = 10;
const LANE = 26;

function useVideo({ node, editor }: TagViewProps): { video: HTMLVideoElement; player: Player } {
  const made = useMemo(() => {
    const video = document.createElement('video');
    Object.assign(video, { className: 'image-picture', playsInline: true, preload: 'auto', disablePictureInPicture: true });
    return { video, player: new Player(video, editor.say) };
  }, [editor, node]);
  useLayoutEffect(() => {
    const { video, player } = made;
    video.muted = flag(node, 'muted');
    video.defaultPlaybackRate = video.playbackRate = Math.max(numeric(node, 'minPlaybackSpeed', 0.25), numeric(node, 'defaultPlaybackSpeed', 1));
    const leave = joinPlayer(editor, node, player);
    return () => {
      leave();
      player.destroy();
      video.removeAttribute('src');
      video.load();
    };
  }, [made]);
  return made;
}

/** Says so when the file has other frames than the config counts, and frames are what is marked. */
function useRealRate(address: string, { node, editor }: TagViewProps): string {
  const said = useSignal('');
  const clock = frameOf(editor, node.name);
  const isKnown = useComputed(() => clock.value.frames > 1);
  useSignalEffect(() => {
    const counts = editor.controlsFor(node.name).some(({ tag }) => tag.startsWith('Video') || tag === 'TimelineLabels');
    if (!counts || !isKnown.value || node.attributes.frameRate || new URL(address, location.href).origin !== location.origin) return;
    let alive = true;
    import('./rate')
      .then(({ realRate }) => realRate(address))
      .then((found) => {
        const { rate } = clock.peek();
        if (alive && found && Math.abs(found - rate) > 0.01)
          said.value = t('The video has {found} frames a second; the set-up counts {rate}. Add frameRate="{found}" to it.', { found, rate });
      })
      // It was only a hint: the video itself plays, whatever its packets look like.
      .catch(() => {
        said.value = '';
      });
    return () => {
      alive = false;
    };
  });
  return said.value;
}

export default function VideoView(props: TagViewProps) {
  const { node, editor } = props;
  const address = typeof node.value === 'string' ? node.value : '';
  const root = useRef<HTMLDivElement>(null);
  const frameBox = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const stage = useSignal<Stage | null>(null);
  const track = useRef<RangeTrack | null>(null);
  const adjusting = useSignal(false);
  const attempt = useSignal(0);
  const { video, player } = useVideo(props);
  const clock = frameOf(editor, node.name);
  const axis = useMemo(() => new TimeAxis(CLOSEST), [node]);
  const items = useComputed(() => videoItems(editor, node));
  const labels = useMemo(() => frameLabels(editor, node.name), [editor, node]);
  const lanes = useComputed(() => laneCount(items.value, labels.length));
  const hasTimeline = labels.length > 0 || editor.controlsFor(node.name).some((control) => control.tag.startsWith('Video'));
  const hint = useRealRate(address, props);

  const seek = (frame: number) => {
    const { rate, frames } = clock.peek();
    player.seek(timeOf(Math.min(Math.max(1, Math.round(frame)), frames), rate));
  };

  useSignalEffect(() => {
    void attempt.value;
    player.failed.value = false;
    if (address) video.src = address;
  });

  // What the frame is follows from the time, at once: the next key steps on from it. Everything else follows the frame.
  const follow = () => {
    const duration = player.length.value;
    const time = player.time.value;
    const rate = numeric(node, 'frameRate', 24) || 24;
    if (duration === 0) return;
    const frames = Math.max(1, Math.round(duration * rate));
    const now = clock.peek();
    const frame = frameAt(time, rate, frames);
    const { videoWidth: width, videoHeight: height } = video;
    if (now.frame === frame && now.width === width && now.frames === frames) return;
    batch(() => {
      clock.value = { width, height, frame, frames, rate, duration };
      axis.setExtent(1, Math.max(2, frames));
    });
  };
  useLayoutEffect(() => effect(follow), [player, clock, axis]);

  useEffect(() => {
    if (!element.current || !root.current) return;
    element.current.prepend(video);
    const made = new Stage(element.current, video, editor, node, {
      alignment: { across: 'center', down: 'center' },
      firstZoom: 'fit',
      negativeZoom: true,
      paged: false,
      bare: true,
    });
    const strip = rows.current
      ? new RangeTrack(
          rows.current,
          axis,
          editor,
          videoSource(editor, node, () => items.value, seek),
        )
      : null;
    track.current = strip;
    let stopKeys = () => {};
    let stopClock = () => {};
    let alive = true;
    made.load().then(() => {
      if (!alive || !root.current) return;
      const actions = [
        ...timelineActions({
          axis,
          track: () => (labels.length > 0 ? strip : null),
          now: () => clock.peek().frame,
          seek,
          step: (direction) => direction,
          farStep: (direction) => direction * FAR,
          toggle: () => player.toggle(),
          hotkey: attribute(node, 'hotkey'),
        }),
        ...trackActions(editor, node.name, seek),
        ...stageActions(made, editor, { object: node.name, zoom: true, rotate: false, turn: () => {} }),
      ];
      stopKeys = holdKeys(editor, root.current, actions);
      let shown = { width: 0, height: 0 };
      stopClock = clock.subscribe((size) => {
        if (size.width === 0) return;
        if (size.width === shown.width && size.height === shown.height) made.update(size);
        else made.show(size, 0, 0);
        shown = size;
      });
      stage.value = made;
    });
    const stopAnchors = registerAnchors(
      editor,
      node.name,
      (id) => made.boxOf(id) ?? strip?.boxOf(id) ?? null,
      () => element.current,
      (id) => {
        const item = items.peek().find((candidate) => candidate.id === id);
        const { frame } = clock.peek();
        if (item && (frame < item.start || frame > item.end)) seek(item.start);
        strip?.reveal(id);
      },
    );
    return () => {
      alive = false;
      stopAnchors();
      stopKeys();
      stopClock();
      strip?.destroy();
      made.destroy();
      stage.value = null;
      track.current = null;
    };
  }, [editor, node, axis, player]);

  useSignalEffect(() => {
    const { frame } = clock.value;
    if (player.playing.value) axis.reveal(frame);
  });

  if (address === '') return <p class="hint">{t('This task has no video.')}</p>;
  const { frame, frames } = clock.value;
  const state = trackState(editor, node.name);
  const hasTools = (stage.value?.toolbox.tools.value.length ?? 0) > 0;
  const run = (action: string) => () => void editor.actions.run(action);
  const tall = Math.max(numeric(node, 'timelineHeight', 64), lanes.value * LANE);
  const label = t('Video {name}. Space plays, comma and period step by frames, K sets a key frame.', { name: node.name });
  const lineLabel = t('Timeline of {name}. [ and ] mark frames with the chosen label.', { name: node.name });
  return (
    <div ref={root} class="video-tag" data-wide data-object={node.name} data-frame={frame} data-state={stage.value && frames > 1 ? 'ready' : 'loading'}>
      <div class={`video-body${hasTools ? '' : ' is-plain'}`}>
        {stage.value && hasTools && <Toolbar node={node} editor={editor} stage={stage.value} adjusting={adjusting} />}
        <div ref={frameBox} class="video-frame" style={{ height: `min(${numeric(node, 'height', 600)}px, calc(100dvh - ${hasTimeline ? 380 : 300}px))` }}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys move and resize what is selected while this has the focus. */}
          <div ref={element} class="image-stage" role="application" tabIndex={0} aria-label={label} />
          {player.failed.value && (
            <div class="image-note" role="alert">
              <Failure address={address} kind="video" />
              <button type="button" class="button" onClick={() => (attempt.value += 1)}>
                {t('Try again')}
              </button>
            </div>
          )}
        </div>
      </div>
      <Transport>
        <TransportButton title={t('Previous frame')} icon="frame-back" keys="," run={() => seek(frame - 1)} />
        <PlayButton player={player} />
        <TransportButton title={t('Next frame')} icon="frame-on" keys="." run={() => seek(frame + 1)} />
        <label class="transport-counter">
          <input
            class="input"
            aria-label={t('Frame')}
            type="number"
            min={1}
            max={frames}
            value={frame}
            onChange={(event) => {
              const typed = event.currentTarget.valueAsNumber;
              if (Number.isNaN(typed)) event.currentTarget.value = String(frame);
              else seek(typed);
            }}
          />
          <span class="hint">{t('of {frames} frames', { frames })}</span>
        </label>
        <TimeField player={player} places={2} />
        <SpeedSelect player={player} least={numeric(node, 'minPlaybackSpeed', 0.25)} />
        <Volume player={player} />
        <span class="transport-space" />
        {state && (
          <>
            <TransportButton title={t('Previous key frame')} icon="key-back" keys="ctrl+left" run={run('video:key-back')} />
            <TransportButton
              title={state.hasKey ? t('Remove the key frame') : t('Key frame here')}
              icon="key-frame"
              keys="k"
              pressed={state.hasKey}
              run={run('video:key')}
            />
            <TransportButton title={t('Next key frame')} icon="key-on" keys="ctrl+right" run={run('video:key-on')} />
            <TransportButton
              title={state.goesOn ? t('Gone from here on') : t('Back from here on')}
              icon="lifespan"
              keys="l"
              pressed={!state.goesOn}
              run={run('video:span')}
            />
          </>
        )}
        {hasTimeline && <ZoomButtons axis={axis} at={() => clock.peek().frame} />}
      </Transport>
      {hint && <p class="hint">{hint}</p>}
      {hasTimeline && (
        <div class="timeline">
          <Ruler axis={axis} scale={countScale} onSeek={seek} />
          <div class="video-rows">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys work on the timeline while this has the focus. */}
            <div ref={rows} class="timeline-lanes" role="application" tabIndex={0} aria-label={lineLabel} style={{ height: `${tall}px` }}>
              {labels.map((info, lane) => (
                <div
                  key={info.node.key}
                  class="video-lane"
                  data-active={editor.activeLabels.value.get(info.control)?.includes(info.stored) || undefined}
                  style={{ top: `${(lane * tall) / lanes.value}px`, height: `${tall / lanes.value}px` }}
                >
                  <span class="label-swatch" ref={(swatch) => swatch?.style.setProperty('--label-color', info.color)} />
                  {info.title}
                </div>
              ))}
            </div>
          </div>
          <Cursor axis={axis} time={() => clock.value.frame} />
          <Overview axis={axis} />
        </div>
      )}
    </div>
  );
}
