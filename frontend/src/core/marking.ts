/** Rows of new and relabelled regions: pure functions from what is there to what changes. */
import { attribute, flag } from './node';
import { geometryOf, isAnswerType, labelsKey, rowLabels } from './region';
import { specsByType, tagSpec } from './tag-table';
import type { NewRegion, Region, ResultRow, RowChange, RowKey, TagNode } from './types';

/** Whether the control brings its labels itself (RectangleLabels, Labels…) rather than borrowing them (Rectangle). */
export function hasOwnLabels(control: TagNode): boolean {
  return tagSpec(control.tag)?.labelTag === 'Label' || marksPaths(control);
}

/** A Taxonomy that marks text: its labels are paths, written as JSON where labels are strings. */
export function marksPaths(control: TagNode): boolean {
  return control.tag === 'Taxonomy' && flag(control, 'labeling');
}

const written = (control: TagNode, labels: readonly string[]): unknown[] =>
  marksPaths(control) ? labels.map((label) => JSON.parse(label) as unknown) : [...labels];

/** A control without labels of its own whose rows hold those of Labels: VideoRectangle. */
const borrowsLabels = (control: TagNode) => !hasOwnLabels(control) && tagSpec(control.tag)?.labelsKey === 'labels';

/** Whether the region's own row holds the labels that a Labels control puts on it. */
const holdsBorrowed = (region: Region) => specsByType(region.main.type).some((spec) => spec.labelsKey === 'labels' && spec.labelTag !== 'Label');

/** The labels of this control that the region carries. */
export function labelsFrom(region: Region, control: string): readonly string[] {
  const rows = region.rows.filter((row) => row.from_name === control);
  return rows.length > 0 || !holdsBorrowed(region) ? rows.flatMap(rowLabels) : rowLabels(region.main);
}

const isPlainLabels = (control: TagNode) => control.tag === 'Labels';

type Labels = ReadonlyMap<string, readonly string[]>;

function row(control: TagNode, object: string, id: string, value: Record<string, unknown>, region: NewRegion): ResultRow {
  return {
    ...region.extra,
    value,
    id,
    from_name: control.name,
    to_name: object,
    type: tagSpec(control.tag)?.resultType ?? control.tag.toLowerCase(),
    origin: 'manual',
    ...(region.parent !== undefined && { parentID: region.parent }),
  };
}

/** Rows of a new region: its own, and one per set of plain Labels that is active when the control has no labels itself. */
export function newRegionRows(control: TagNode, others: readonly TagNode[], id: string, region: NewRegion, labels: Labels): ResultRow[] {
  const own = labels.get(control.name) ?? [];
  if (hasOwnLabels(control)) {
    const key = labelsKey(tagSpec(control.tag)?.resultType ?? '');
    return [row(control, region.object, id, { ...region.value, ...(own.length > 0 && { [key]: written(control, own) }) }, region)];
  }
  if (borrowsLabels(control)) {
    const chosen = others.filter(isPlainLabels).flatMap((other) => labels.get(other.name) ?? []);
    return [row(control, region.object, id, { ...region.value, ...(chosen.length > 0 && { labels: chosen }) }, region)];
  }
  const rows = [row(control, region.object, id, { ...region.value }, region)];
  for (const other of others) {
    const chosen = labels.get(other.name) ?? [];
    if (isPlainLabels(other) && chosen.length > 0) rows.push(row(other, region.object, id, { ...region.value, labels: [...chosen] }, region));
  }
  return rows;
}

/** Whether labels of `control` can be put on the region. */
export function accepts(control: TagNode, region: Region): boolean {
  if (!hasOwnLabels(control) || !control.toName.includes(region.object)) return false;
  if (region.rows.some((existing) => existing.from_name === control.name)) return true;
  const type = tagSpec(control.tag)?.resultType;
  return isPlainLabels(control) || region.main.type === type;
}

/** What to change so that the region carries `stored` of `control`. */
export function relabelRows(control: TagNode, region: Region, entries: readonly (readonly [RowKey, ResultRow])[], stored: readonly string[]): RowChange[] {
  const type = tagSpec(control.tag)?.resultType ?? '';
  const key = labelsKey(type);
  const existing = entries.find(([, candidate]) => candidate.from_name === control.name && (!isAnswerType(candidate.type) || marksPaths(control)));
  if (existing) {
    const [rowKey, before] = existing;
    const isExtra = before !== region.main && before.type === 'labels';
    if (isExtra && stored.length === 0) return [{ key: rowKey }];
    return [{ key: rowKey, row: { ...before, value: { ...before.value, [key]: written(control, stored) } } }];
  }
  if (isPlainLabels(control) && holdsBorrowed(region)) {
    const own = entries.find(([, candidate]) => candidate === region.main);
    return own ? [{ key: own[0], row: { ...region.main, value: { ...region.main.value, labels: [...stored] } } }] : [];
  }
  if (stored.length === 0) return [];
  const main = entries.find(([, candidate]) => candidate === region.main);
  if (!main) return [];
  // A second label set of the same kind takes the region over; plain Labels beside a shape get a row of their own.
  if (region.main.type === type) {
    return [{ key: main[0], row: { ...region.main, from_name: control.name, value: { ...region.main.value, [key]: [...stored] } } }];
  }
  const { score: _score, ...envelope } = region.main;
  return [{ row: { ...envelope, from_name: control.name, type, value: { ...geometryOf(region.main), [key]: [...stored] } } }];
}

/** Rows of the region with changed geometry; answers and labels stay as they are. */
export function reshapedRows(region: Region, entries: readonly (readonly [RowKey, ResultRow])[], value: Record<string, unknown>): RowChange[] {
  const changes: RowChange[] = [];
  for (const [key, before] of entries) {
    if (before.type === 'relation' || !before.value) continue;
    let change = value;
    if (isAnswerType(before.type) && before !== region.main) {
      const geometry = geometryOf(before);
      change = Object.fromEntries(Object.entries(value).filter(([name]) => name in geometry));
      if (Object.keys(change).length === 0) continue;
    }
    changes.push({ key, row: { ...before, value: { ...before.value, ...change } } });
  }
  return changes;
}

/** Whether a region may be made without a label. */
export function allowsEmpty(control: TagNode): boolean {
  return flag(control, 'allowEmpty');
}

export const isMultiple = (control: TagNode) => attribute(control, 'choice') === 'multiple';
