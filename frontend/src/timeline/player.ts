/** A sound or video element as signals: where it is, whether it plays, how fast and loud; parts of it can be repeated. */
import { signal } from '@preact/signals-core';
import { t } from '../core/text';
import type { Interval } from './axis';

export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

/** Seconds that players which move together may be apart. */
const DRIFT = 0.05;

/** A person moved it, started it, stopped it or changed its speed; what it does by itself is not told. */
export type PlayerListener = (player: Player) => void;

export class Player {
  readonly time = signal(0);
  readonly playing = signal(false);
  readonly speed = signal(1);
  readonly volume = signal(1);
  readonly muted = signal(false);
  /** Seconds; 0 until the file has told it. */
  readonly length = signal(0);
  readonly failed = signal(false);
  /** Whether what is played as a part begins again at its end. */
  readonly repeats = signal(false);
  /** The part that is being played. */
  private part: Interval | null = null;
  private frame = 0;
  private readonly ends = new AbortController();
  private readonly listeners = new Set<PlayerListener>();

  constructor(
    readonly media: HTMLMediaElement,
    private readonly say: (sentence: string, kind: 'problem') => void,
  ) {
    const { signal: ended } = this.ends;
    const on = (type: string, listener: () => void) => media.addEventListener(type, listener, { signal: ended });
    on('loadedmetadata', () => this.measure());
    on('durationchange', () => this.measure());
    on('error', () => {
      this.failed.value = true;
    });
    on('play', () => this.run());
    on('pause', () => this.rest());
    on('ended', () => this.rest());
    on('seeked', () => {
      if (!this.playing.peek()) this.time.value = media.currentTime;
    });
    on('volumechange', () => {
      this.volume.value = media.volume;
      this.muted.value = media.muted;
    });
    on('ratechange', () => {
      this.speed.value = media.playbackRate;
    });
    if (media.readyState > 0) this.measure();
  }

  private measure(): void {
    const { duration } = this.media;
    if (Number.isFinite(duration) && duration > 0) this.length.value = duration;
    this.failed.value = false;
  }

  private run(): void {
    this.playing.value = true;
    this.stopTicking();
    const tick = (_now: number, shown?: VideoFrameCallbackMetadata) => {
      // Of a video, the time of the very frame that is on screen.
      this.time.value = shown?.mediaTime ?? this.media.currentTime;
      const { part } = this;
      if (part && this.media.currentTime >= part.end) {
        if (this.repeats.peek()) this.media.currentTime = part.start;
        else {
          this.media.pause();
          this.seek(part.end);
        }
      }
      next();
    };
    const { media } = this;
    const next = () => {
      if (media instanceof HTMLVideoElement && 'requestVideoFrameCallback' in media) this.frame = media.requestVideoFrameCallback(tick);
      else this.frame = requestAnimationFrame(tick);
    };
    next();
  }

  private stopTicking(): void {
    const { media } = this;
    if (media instanceof HTMLVideoElement && 'cancelVideoFrameCallback' in media) media.cancelVideoFrameCallback(this.frame);
    else cancelAnimationFrame(this.frame);
  }

  private rest(): void {
    this.stopTicking();
    this.playing.value = false;
    this.time.value = this.media.currentTime;
  }

  listen(listener: PlayerListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this);
  }

  play(part: Interval | null = null): void {
    this.part = part;
    if (part) this.media.currentTime = part.start;
    else if (this.length.peek() > 0 && this.media.currentTime >= this.length.peek()) this.media.currentTime = 0;
    this.media.play().catch((error: DOMException) => {
      // A pause that comes before the first sound is no trouble.
      if (error.name !== 'AbortError') this.say(t('It cannot be played: {reason}', { reason: error.message }), 'problem');
    });
    this.tell();
  }

  pause(): void {
    this.part = null;
    this.media.pause();
    this.tell();
  }

  toggle(): void {
    if (this.playing.peek()) this.pause();
    else this.play();
  }

  /** Goes to a time; the signal follows at once. */
  seek(seconds: number): void {
    const time = Math.min(Math.max(0, seconds), this.length.peek() || seconds);
    this.part = this.part && time >= this.part.start && time < this.part.end ? this.part : null;
    this.media.currentTime = time;
    this.time.value = time;
    this.tell();
  }

  setSpeed(speed: number): void {
    this.media.playbackRate = speed;
    this.speed.value = speed;
    this.tell();
  }

  setVolume(volume: number): void {
    this.media.volume = Math.min(1, Math.max(0, volume));
    if (volume > 0) this.media.muted = false;
  }

  setMuted(muted: boolean): void {
    this.media.muted = muted;
  }

  /** Does what another player was told to do, without telling anybody. */
  follow(other: Player): void {
    const time = Math.min(other.media.currentTime, this.length.peek() || other.media.currentTime);
    if (Math.abs(this.media.currentTime - time) > DRIFT) {
      this.media.currentTime = time;
      this.time.value = time;
    }
    if (this.media.playbackRate !== other.media.playbackRate) this.media.playbackRate = other.media.playbackRate;
    this.part = other.part;
    if (other.media.paused === this.media.paused) return;
    if (other.media.paused) this.media.pause();
    else void this.media.play();
  }

  destroy(): void {
    this.stopTicking();
    this.ends.abort();
    this.media.pause();
  }
}
