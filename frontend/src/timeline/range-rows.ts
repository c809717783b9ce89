/** Ranges as rows: which control draws them, and what stands on a region. */
import { hasOwnLabels } from '../core/marking';
import { flag } from '../core/node';
import type { Editor, Region, TagNode } from '../core/types';

/** The control that takes what is drawn on the object: the one whose labels are on, or the first. */
export function drawingControl(editor: Editor, object: string, tags: readonly string[]): TagNode | undefined {
  const controls = editor.controlsFor(object).filter((control) => tags.includes(control.tag) && hasOwnLabels(control));
  const active = editor.activeLabels.peek();
  return controls.find((control) => (active.get(control.name)?.length ?? 0) > 0) ?? controls.find((control) => flag(control, 'allowEmpty')) ?? controls[0];
}

/** What stands on a range: its labels, and the score of a prediction. */
export function captionOf(editor: Editor, region: Region, options: { labels: boolean; score: boolean }): string {
  const titles = options.labels ? region.rows.flatMap((row) => region.labels.flatMap((stored) => editor.label(row.from_name ?? '', stored)?.title ?? [])) : [];
  const names = titles.length > 0 ? titles : options.labels ? region.labels : [];
  const score = options.score && region.score !== null ? [region.score.toFixed(2)] : [];
  return [...new Set(names), ...score].join(', ');
}
