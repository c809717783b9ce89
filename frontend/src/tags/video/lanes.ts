/** What stands on the timeline of a video: a lane for each label of frames, below them the lives of what is tracked. */
import { t } from '../../core/text';
import type { Editor, LabelInfo, Region, TagNode } from '../../core/types';
import { sequenceOf, spans } from '../../timeline/keyframes';
import { captionOf } from '../../timeline/range-rows';
import type { TrackItem, TrackSource } from '../../timeline/track';
import { rangeOf } from '../timelinelabels/ranges';
import { type FrameSize, frameOf } from './clock';

/** More lanes would be too thin to be seen: what comes then shares them. */
const MOST_LANES = 200;

/** Labels of frames, one lane each. */
export function frameLabels(editor: Editor, object: string): readonly LabelInfo[] {
  return editor
    .controlsFor(object)
    .filter((control) => control.tag === 'TimelineLabels')
    .flatMap((control) => editor.labelsOf(control.name));
}

function laneOf(labels: readonly LabelInfo[], region: Region): number {
  const found = labels.findIndex((label) => label.control === region.control && region.labels.includes(label.stored));
  return Math.max(0, found);
}

function trackItem(editor: Editor, region: Region, clock: FrameSize, caption: string): TrackItem | null {
  const sequence = sequenceOf(region.main.value);
  const [first] = sequence;
  if (!first) return null;
  const seen = spans(sequence, clock.frames);
  const end = Math.max(first.frame, seen.at(-1)?.[1] ?? 0, sequence.at(-1)?.frame ?? 0);
  return {
    id: region.id,
    start: first.frame,
    end,
    lane: 0,
    color: editor.colorOf(region),
    caption,
    marks: sequence.map((key) => key.frame),
    parts: seen,
    fixed: true,
  };
}

/** Gives each item the first lane in which it has room. */
function packed(items: readonly TrackItem[], firstLane: number): TrackItem[] {
  const ends: number[] = [];
  return items.map((item) => {
    let lane = ends.findIndex((end) => end < item.start);
    if (lane < 0) lane = ends.length < MOST_LANES ? ends.length : item.start % MOST_LANES;
    ends[lane] = Math.max(ends[lane] ?? 0, item.end);
    return { ...item, lane: firstLane + lane };
  });
}

export function videoItems(editor: Editor, node: TagNode): TrackItem[] {
  void editor.regions.revision.value;
  const clock = frameOf(editor, node.name).value;
  const shows = { labels: editor.settings.value.showLabels, score: false };
  const labels = frameLabels(editor, node.name);
  const frames: TrackItem[] = [];
  const tracks: TrackItem[] = [];
  for (const region of editor.regions.list(node.name)) {
    const range = rangeOf(region.main.value);
    if (range) {
      const { start, end } = range;
      frames.push({ id: region.id, start, end, lane: laneOf(labels, region), color: editor.colorOf(region), caption: '' });
      continue;
    }
    const item = trackItem(editor, region, clock, captionOf(editor, region, shows));
    if (item) tracks.push(item);
  }
  return [...frames, ...packed(tracks, labels.length || (frames.length > 0 ? 1 : 0))];
}

/** The timeline of a video; `items` are those of `videoItems`, made once for all who ask. */
export function videoSource(editor: Editor, node: TagNode, items: () => readonly TrackItem[], seek: (frame: number) => void): TrackSource {
  const labels = frameLabels(editor, node.name);
  const active = () => labels.findIndex((label) => editor.activeLabels.peek().get(label.control)?.includes(label.stored));
  return {
    least: 0,
    items,
    lanes: () => laneCount(items(), labels.length),
    canDraw: (lane) => !editor.readonly.peek() && lane < labels.length,
    draw(start, end, lane) {
      const label = labels[lane];
      if (!label) return null;
      const chosen = new Map([[label.control, [label.stored]]]);
      return editor.createRegion({ control: label.control, object: node.name, value: { ranges: [{ start, end }] }, labels: chosen });
    },
    reshape: (id, start, end, merge) => editor.updateRegion(id, { ranges: [{ start, end }] }, { label: t('Change region'), merge }),
    seek,
    snap: Math.round,
    // A lane is a label: without one chosen, the first.
    keyLane: () => Math.max(0, active()),
  };
}

export function laneCount(items: readonly TrackItem[], labels: number): number {
  return Math.max(1, labels, ...items.map((item) => item.lane + 1));
}
