/** Buttons and fields under a player: play, step, time, speed, volume, zoom. */
import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { t } from '../core/text';
import { Icon } from '../ui/icon';
import { keyText } from '../ui/key-hint';
import { clockText, parseClock, type TimeAxis } from './axis';
import { type Player, SPEEDS } from './player';

interface ButtonProps {
  title: string;
  icon: string;
  keys?: string;
  pressed?: boolean;
  disabled?: boolean;
  run: () => void;
}

export function TransportButton({ title, icon, keys, pressed, disabled, run }: ButtonProps) {
  return (
    <button
      type="button"
      class="button button-quiet icon-button"
      aria-label={title}
      title={keys ? `${title} (${keyText(keys)})` : title}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={run}
    >
      <Icon name={icon} size={20} />
    </button>
  );
}

export function PlayButton({ player }: { player: Player }) {
  const playing = player.playing.value;
  return <TransportButton title={playing ? t('Pause') : t('Play')} icon={playing ? 'pause' : 'play'} keys="space" run={() => player.toggle()} />;
}

/** The time, to be read and typed over. */
export function TimeField({ player, places = 3 }: { player: Player; places?: number }) {
  const text = useComputed(() => clockText(player.time.value, places));
  const length = useComputed(() => clockText(player.length.value, places));
  return (
    <label class="transport-time">
      <span class="visually-hidden">{t('Time')}</span>
      <input
        class="input"
        type="text"
        inputMode="decimal"
        value={text.value}
        onChange={(event) => {
          const seconds = parseClock(event.currentTarget.value);
          if (seconds === null) event.currentTarget.value = text.peek();
          else player.seek(seconds);
        }}
      />
      <span class="hint">/ {length}</span>
    </label>
  );
}

export function SpeedSelect({ player, least = 0, most = Number.POSITIVE_INFINITY }: { player: Player; least?: number; most?: number }) {
  const now = player.speed.value;
  const speeds = [...new Set([...SPEEDS.filter((speed) => speed >= least && speed <= most), now])].sort((a, b) => a - b);
  return (
    <select
      class="select select-small"
      aria-label={t('Speed')}
      title={t('Speed')}
      value={now}
      onChange={(event) => player.setSpeed(Number(event.currentTarget.value))}
    >
      {speeds.map((speed) => (
        <option key={speed} value={speed}>
          {speed}×
        </option>
      ))}
    </select>
  );
}

export function Volume({ player }: { player: Player }) {
  const muted = player.muted.value || player.volume.value === 0;
  return (
    <>
      <TransportButton
        title={muted ? t('Sound on') : t('Sound off')}
        icon={muted ? 'muted' : 'volume'}
        pressed={muted}
        run={() => player.setMuted(!player.muted.peek())}
      />
      <input
        class="transport-volume"
        type="range"
        min={0}
        max={1}
        step={0.05}
        aria-label={t('Volume')}
        value={player.volume.value}
        onInput={(event) => player.setVolume(event.currentTarget.valueAsNumber)}
      />
    </>
  );
}

export function ZoomButtons({ axis, at }: { axis: TimeAxis; at: () => number }) {
  return (
    <>
      <TransportButton title={t('Zoom out')} icon="zoom-out" keys="ctrl+minus" disabled={axis.zoomed.value <= 1.001} run={() => axis.zoom(1 / 1.5, at())} />
      <TransportButton title={t('Zoom in')} icon="zoom-in" keys="ctrl+plus" run={() => axis.zoom(1.5, at())} />
    </>
  );
}

export function Transport({ children }: { children: ComponentChildren }) {
  return (
    <div class="transport" role="toolbar" aria-label={t('Player')}>
      {children}
    </div>
  );
}
