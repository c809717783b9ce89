/** Shapes of images as shapes that move through a video: read at the frame that is shown, written as its key frame. */
import { t } from '../../core/text';
import type { Editor, RegionField, ResultRow } from '../../core/types';
import type { Size } from '../../geometry/plane';
import type { ShapeKind } from '../../stage/shape';
import { keyAt, type Sequence, sequenceOf, withKey } from '../../timeline/keyframes';
import { type FrameSize, frameOf, NO_FRAME } from './clock';

/** The key frames that a geometry was read from. */
const origins = new WeakMap<object, Sequence>();

const atFrame = (size: Size): FrameSize => ({ ...NO_FRAME, ...size });

/** `shape` on key frames, for rows of `types`. */
export function tracked<G extends object>(shape: ShapeKind<G>, types: readonly string[]): ShapeKind<G> {
  return {
    ...shape,
    kind: `video ${shape.kind}`,
    types,
    read(value, size) {
      const sequence = sequenceOf(value);
      const key = keyAt(sequence, atFrame(size).frame);
      const geometry = key ? shape.read(key, size) : null;
      if (geometry) origins.set(geometry, sequence);
      return geometry;
    },
    write(geometry, size, before) {
      const { frame, frames, rate, duration } = atFrame(size);
      const sequence = before && origins.get(before);
      const key = shape.write(geometry, size);
      if (sequence) return { sequence: withKey(sequence, frame, rate, key) };
      return { framesCount: frames, duration, sequence: withKey([], frame, rate, key) };
    },
  };
}

/** Numbers of the shape at the frame that is shown: changing one makes a key frame. */
export function trackedFields(fields: (row: ResultRow) => readonly RegionField[]): (row: ResultRow, editor: Editor) => readonly RegionField[] {
  return (row, editor) => {
    const { frame, rate } = frameOf(editor, row.to_name ?? '').value;
    const sequence = sequenceOf(row.value);
    const key = keyAt(sequence, frame);
    if (!key) return [];
    return fields({ ...row, value: key }).map((field) => ({
      ...field,
      read: () => Number(key[field.key] ?? 0),
      apply: (typed) => {
        const { frame: _frame, time: _time, enabled: _enabled, ...value } = key;
        return { sequence: withKey(sequence, frame, rate, { ...value, [field.key]: typed }) };
      },
    }));
  };
}

/** "frames 1–41, 2 key frames". */
export function describeTrack(row: ResultRow): string {
  const sequence = sequenceOf(row.value);
  const [first] = sequence;
  if (!first) return '';
  return t('from frame {frame}, {count} key frames', { frame: first.frame, count: sequence.length });
}
