import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editorOf } from '../../core/testing';
import { isSeen, keyAt, sequenceOf, spans, toggledKey, toggledSpan, withKey } from '../../timeline/keyframes';
import { rangeOf } from '../timelinelabels/ranges';
import { shape } from '../videorectangle/tool';
import { frameAt, frameOf, timeOf } from './clock';
import { videoItems } from './lanes';

const CAPTURED = {
  framesCount: 1050,
  duration: 42.008633,
  sequence: [
    { frame: 1, enabled: true, rotation: 0, x: 10, y: 20, width: 30, height: 40, time: 0.04 },
    { x: 20, y: 20, width: 30, height: 40, rotation: 0, frame: 41, enabled: false, time: 1.64 },
    { x: 50, y: 20, width: 30, height: 40, rotation: 0, frame: 61, enabled: true, time: 2.44 },
  ],
};
const sequence = sequenceOf(CAPTURED);

describe('key frames', () => {
  it('change evenly from one to the next', () => {
    expect(keyAt(sequence, 21)).toMatchObject({ x: 15, y: 20, width: 30 });
    expect(keyAt(sequence, 41)).toBe(sequence[1]);
    expect(keyAt(sequence, 1000)).toBe(sequence[2]);
    expect(keyAt(sequence, 0)).toBeUndefined();
  });

  it('end and begin stretches', () => {
    expect([1, 40, 41, 42, 60, 61].map((frame) => isSeen(sequence, frame))).toEqual([true, true, true, false, false, true]);
    expect(spans(sequence, 1050)).toEqual([
      [1, 41],
      [61, 1050],
    ]);
    expect(spans(toggledSpan(sequence, 80, 25), 1050)[1]).toEqual([61, 80]);
    expect(spans(toggledSpan(sequence, 41, 25), 1050)).toEqual([[1, 1050]]);
  });

  it('are put in and taken out', () => {
    const more = toggledKey(sequence, 21, 25);
    expect(more[1]).toEqual({ frame: 21, time: 0.84, enabled: true, rotation: 0, x: 15, y: 20, width: 30, height: 40 });
    expect(toggledKey(more, 21, 25)).toEqual(sequence);
    expect(withKey(sequence, 41, 25, { x: 1 })[1]).toEqual({ ...CAPTURED.sequence[1], x: 1 });
    expect(toggledKey([CAPTURED.sequence[0] as never], 1, 25)).toHaveLength(1);
  });
});

describe('frames and times', () => {
  it('go from one to the other and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom(10, 23.976, 24, 25, 29.97, 30, 50, 60), (frame, rate) => {
        expect(frameAt(timeOf(frame, rate), rate, 100_000)).toBe(frame);
        // Files keep whole milliseconds.
        expect(frameAt(Math.round(((frame - 1) / rate) * 1000) / 1000, rate, 100_000)).toBe(frame);
      }),
    );
  });
});

const CONFIG =
  '<View><Video name="v" value="$video" frameRate="25"/><VideoRectangle name="box" toName="v"/>' +
  '<Labels name="l" toName="v"><Label value="A" background="#ff0000"/><Label value="B" alias="bee" background="#0000ff"/></Labels>' +
  '<TimelineLabels name="t" toName="v"><Label value="Walk"/><Label value="Stop"/></TimelineLabels></View>';

function opened() {
  const editor = editorOf(CONFIG, { video: '/v.mp4' });
  const clock = frameOf(editor, 'v');
  clock.value = { width: 200, height: 100, frame: 1, frames: 100, rate: 25, duration: 4 };
  return { editor, clock };
}

describe('a box in a video', () => {
  it('holds its labels in its own row', () => {
    const { editor, clock } = opened();
    editor.toggleLabel('l', 'bee');
    const drawn = { x: 20, y: 10, width: 40, height: 20, rotation: 0 };
    const id = editor.createRegion({ control: 'box', object: 'v', value: shape.write(drawn, clock.value) }) as string;
    expect(editor.regions.result()).toHaveLength(1);
    expect(editor.regions.result()[0]).toMatchObject({
      type: 'videorectangle',
      value: { framesCount: 100, duration: 4, labels: ['bee'], sequence: [{ frame: 1, x: 10, y: 10, width: 20, height: 20, time: 0.04, enabled: true }] },
    });
    expect(editor.colorOf(editor.regions.get(id) as never)).toBe('#0000ff');
    editor.select([id]);
    editor.toggleLabel('l', 'A');
    expect(editor.regions.result()[0]?.value?.labels).toEqual(['A']);
    expect(editor.regions.result()).toHaveLength(1);
  });

  it('gets a key frame where it is moved', () => {
    const { clock } = opened();
    const size = { ...clock.value, frame: 21, frames: 1050 };
    const geometry = shape.read(CAPTURED, size);
    expect(geometry).toMatchObject({ x: 30, width: 60 });
    const moved = shape.write(shape.move(geometry as never, 2, 0), size, geometry as never);
    expect((moved.sequence as unknown[])[1]).toEqual({ frame: 21, enabled: true, time: 0.84, x: 16, y: 20, width: 30, height: 40, rotation: 0 });
    expect(shape.read(CAPTURED, { ...size, frame: 50 } as never)).toBeNull();
  });
});

describe('the timeline of a video', () => {
  it('has a lane for each label, and lanes for what is tracked', () => {
    const { editor } = opened();
    const add = (label: string) =>
      editor.createRegion({ control: 't', object: 'v', value: { ranges: [{ start: 3, end: 9 }] }, labels: new Map([['t', [label]]]) });
    add('Stop');
    for (const start of [1, 1])
      editor.createRegion({ control: 'box', object: 'v', value: { sequence: [{ ...CAPTURED.sequence[0], frame: start }] }, labels: new Map() });
    expect(videoItems(editor, editor.nodes.get('v') as never).map((item) => item.lane)).toEqual([1, 2, 3]);
    expect(rangeOf(editor.regions.result()[0]?.value)).toEqual({ start: 3, end: 9 });
  });
});
