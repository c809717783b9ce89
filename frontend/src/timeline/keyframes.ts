/**
 * What is tracked through a video: key frames, as Label Studio's `sequence` has them. Between two of them numbers change evenly; `enabled: false`
 * ends a stretch in which it is seen; before the first key frame it is not. Frames count from 1.
 */

export interface KeyFrame {
  readonly frame: number;
  readonly enabled?: boolean;
  readonly time?: number;
  readonly [key: string]: unknown;
}

export type Sequence = readonly KeyFrame[];

/** The sequence of a value; empty when it has none. */
export function sequenceOf(value: Readonly<Record<string, unknown>> | undefined): Sequence {
  const found = value?.sequence;
  if (!Array.isArray(found)) return [];
  return (found as KeyFrame[]).filter((key) => typeof key?.frame === 'number').sort((a, b) => a.frame - b.frame);
}

const isOn = (key: KeyFrame) => key.enabled !== false;

/** The last key frame at or before a frame. */
function before(sequence: Sequence, frame: number): KeyFrame | undefined {
  return sequence.findLast((key) => key.frame <= frame);
}

/** Whether it is seen at a frame: also at the very frame that ends it. */
export function isSeen(sequence: Sequence, frame: number): boolean {
  const last = before(sequence, frame);
  return last !== undefined && (isOn(last) || last.frame === frame);
}

function mix(from: unknown, to: unknown, share: number): unknown {
  if (typeof from === 'number' && typeof to === 'number') return from + (to - from) * share;
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) return from.map((item, index) => mix(item, to[index], share));
  if (isObject(from) && isObject(to))
    return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, key in to ? mix(value, to[key], share) : value]));
  return from;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The key frame that would stand at a frame: one that is there, or one between its neighbours; undefined where it is not seen. */
export function keyAt(sequence: Sequence, frame: number): KeyFrame | undefined {
  const last = before(sequence, frame);
  if (!last || !isSeen(sequence, frame)) return undefined;
  const next = sequence.find((key) => key.frame > frame);
  if (last.frame === frame || !next) return last;
  return mix(last, next, (frame - last.frame) / (next.frame - last.frame)) as KeyFrame;
}

/** With these numbers at a frame: the key frame there is changed, or a new one put in. */
export function withKey(sequence: Sequence, frame: number, rate: number, value: Record<string, unknown>): Sequence {
  const there = sequence.find((key) => key.frame === frame);
  const key: KeyFrame = there ? { ...there, ...value } : { ...value, frame, enabled: true, time: frame / rate };
  return [...sequence.filter((other) => other.frame !== frame), key].sort((a, b) => a.frame - b.frame);
}

/** A key frame at a frame is put in, or taken out; the last one stays. */
export function toggledKey(sequence: Sequence, frame: number, rate: number): Sequence {
  if (sequence.some((key) => key.frame === frame)) return sequence.length > 1 ? sequence.filter((key) => key.frame !== frame) : sequence;
  const { frame: _frame, time: _time, enabled: _enabled, ...value } = keyAt(sequence, frame) ?? before(sequence, frame) ?? (sequence[0] as KeyFrame);
  return withKey(sequence, frame, rate, value);
}

/** What is seen behind this frame is not any more, or is again. */
export function toggledSpan(sequence: Sequence, frame: number, rate: number): Sequence {
  const on = before(sequence, frame);
  const value = on && isOn(on) ? { enabled: false } : { enabled: true };
  const there = sequence.some((key) => key.frame === frame);
  return withKey(there ? sequence : toggledKey(sequence, frame, rate), frame, rate, value);
}

/** Stretches in which it is seen, up to the last frame of the video. */
export function spans(sequence: Sequence, frames: number): [number, number][] {
  const found: [number, number][] = [];
  let from: number | null = null;
  for (const key of sequence) {
    if (isOn(key)) from ??= key.frame;
    else if (from !== null) {
      found.push([from, key.frame]);
      from = null;
    }
  }
  if (from !== null) found.push([from, Math.max(from, frames)]);
  return found;
}
