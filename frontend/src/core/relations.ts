/** Relations between regions: rows of type `relation` that name two ids. */
import { t } from './text';
import type { Editor, ResultRow, RowKey } from './types';

export type Direction = 'right' | 'left' | 'bi';

export interface Relation {
  key: RowKey;
  from: string;
  to: string;
  direction: Direction;
  labels: readonly string[];
}

function directionOf(row: ResultRow): Direction {
  return row.direction === 'left' || row.direction === 'bi' ? row.direction : 'right';
}

/** Relations whose two ends exist. Reads signals. */
export function relationsOf(editor: Editor): Relation[] {
  const found: Relation[] = [];
  for (const [key, row] of editor.rows()) {
    if (row.type !== 'relation' || !row.from_id || !row.to_id) continue;
    if (!editor.regions.get(row.from_id) || !editor.regions.get(row.to_id)) continue;
    found.push({ key, from: row.from_id, to: row.to_id, direction: directionOf(row), labels: Array.isArray(row.labels) ? row.labels.map(String) : [] });
  }
  return found;
}

/** Adds a relation; two regions have at most one in each direction. */
export function addRelation(editor: Editor, from: string, to: string): boolean {
  if (from === to || relationsOf(editor).some((relation) => relation.from === from && relation.to === to)) return false;
  editor.commit(t('Add relation'), [{ row: { from_id: from, to_id: to, type: 'relation', direction: 'right' } }]);
  return true;
}

export function changeRelation(editor: Editor, relation: Relation, change: { direction?: Direction; labels?: readonly string[] }): void {
  const row = editor.rows().find(([key]) => key === relation.key)?.[1];
  if (!row) return;
  const { labels: _old, ...rest } = row;
  const labels = change.labels ?? relation.labels;
  const next = {
    ...rest,
    ...(change.direction && { direction: change.direction }),
    ...((labels.length > 0 || 'labels' in row) && { labels: [...labels] }),
  } as ResultRow;
  editor.commit(t('Change relation'), [{ key: relation.key, row: next }]);
}

export function removeRelation(editor: Editor, relation: Relation): void {
  editor.commit(t('Delete relation'), [{ key: relation.key }]);
}
