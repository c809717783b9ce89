/** What result rows mean: which mark a part of an object, which carry labels, which answer a question. */
import { specsByType } from './tag-table';
import type { Region, ResultRow } from './types';

const GEOMETRY = ['start', 'x', 'points', 'vertices', 'rle', 'imageDataURL', 'sequence', 'ranges', 'chatmessage'];

/** Whether rows of this type answer a question (choices, text, rating…) rather than mark something. */
export function isAnswerType(type: string): boolean {
  const specs = specsByType(type);
  return specs.length > 0 && specs.every((spec) => spec.names.has('required') || spec.ownObject);
}

/** Whether the row says where something is. */
export function hasGeometry(row: ResultRow): boolean {
  const value = row.value;
  return value !== undefined && value !== null && GEOMETRY.some((key) => key in value);
}

export function isRelation(row: ResultRow): boolean {
  return row.type === 'relation';
}

/** The key of `value` under which rows of this type keep their labels. */
export function labelsKey(type: string): string {
  return specsByType(type).find((spec) => spec.labelsKey)?.labelsKey ?? (type.endsWith('labels') ? type : 'labels');
}

/** Label values of one row; none for answers. */
export function rowLabels(row: ResultRow): readonly string[] {
  return row.value && !isAnswerType(row.type) ? labelsIn(row) : [];
}

/** Paths (of a taxonomy used for labeling) are joined with " / ". */
function labelsIn(row: ResultRow): readonly string[] {
  const found = row.value?.[labelsKey(row.type)] ?? row.value?.labels;
  if (!Array.isArray(found)) return [];
  return found.map((label) => (Array.isArray(label) ? label.join(' / ') : String(label)));
}

/** The keys of `value` that say where the region is, without labels and answers. */
export function geometryOf(row: ResultRow): Record<string, unknown> {
  const value: Record<string, unknown> = { ...row.value };
  delete value[labelsKey(row.type)];
  delete value.labels;
  if (isAnswerType(row.type)) {
    for (const spec of specsByType(row.type)) delete value[spec.labelsKey ?? row.type];
    // A text answer is kept under "text", which in a marked text is part of the geometry.
    if (row.type === 'textarea') delete value.text;
  }
  return value;
}

/** Joins the rows of one id; undefined when none of them marks a part of an object. */
export function joinRegion(id: string, rows: readonly ResultRow[]): Region | undefined {
  const marking = rows.filter((row) => !isRelation(row) && (hasGeometry(row) || row.type.endsWith('labels')));
  const main = marking.find((row) => !isAnswerType(row.type)) ?? marking.find(hasGeometry);
  if (!main) return undefined;
  // A Taxonomy that labels spans is the region's own row; elsewhere it is an answer about the region.
  const labels = isAnswerType(main.type) ? labelsIn(main) : rows.flatMap(rowLabels);
  return {
    id,
    rows,
    main,
    labels: [...new Set(labels)],
    control: main.from_name ?? '',
    object: main.to_name ?? '',
    score: typeof main.score === 'number' ? main.score : null,
    parent: main.parentID ?? null,
    locked: rows.some((row) => row.readonly === true || row.locked === true),
    item: typeof main.item_index === 'number' ? main.item_index : null,
  };
}
