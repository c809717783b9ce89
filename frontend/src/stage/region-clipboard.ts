/** Copy, paste, duplicate and order of regions; what was copied is kept from one task to the next. */
import { regionId } from '../core/ids';
import { rowLabels } from '../core/region';
import { plural, t } from '../core/text';
import type { Editor, ResultRow } from '../core/types';
import { limitMove, union } from '../geometry/plane';
import type { Scene, SceneItem } from './scene';

interface Copied {
  /** All rows of the region: its shape, its labels, answers about it. */
  rows: readonly ResultRow[];
  shape: SceneItem['shape'];
}

interface Clipboard {
  copied: readonly Copied[];
  /** Where they came from, so that a paste in the same place is seen beside the original. */
  data: unknown;
  page: number;
  pastes: number;
}

let clipboard: Clipboard = { copied: [], data: null, page: 0, pastes: 0 };

/** Distance of a copy to its original, in screen pixels. */
const OFFSET = 12;

function copiesOf(editor: Editor, scene: Scene): Copied[] {
  const chosen = editor.selection.peek();
  return [...chosen].flatMap((id) => {
    const item = scene.get(id);
    return item ? [{ rows: item.region.rows, shape: item.shape }] : [];
  });
}

export function copy(editor: Editor, scene: Scene): boolean {
  const copied = copiesOf(editor, scene);
  if (copied.length === 0) return false;
  clipboard = { copied, data: editor.data, page: scene.page, pastes: 0 };
  editor.say(plural(copied.length, 'Copied a region.', 'Copied {count} regions.'));
  return true;
}

export function canPaste(): boolean {
  return clipboard.copied.length > 0;
}

/** Puts copies on the shown page: beside their originals, or at the same place of another image. */
export function paste(editor: Editor, scene: Scene, object: string, extra: Record<string, unknown>, scale: number): boolean {
  if (!canPaste()) return false;
  const isHome = clipboard.data === editor.data && clipboard.page === scene.page;
  if (isHome) clipboard.pastes += 1;
  return put(editor, scene, object, clipboard.copied, extra, isHome ? (OFFSET * clipboard.pastes) / scale : 0, t('Paste'));
}

export function duplicate(editor: Editor, scene: Scene, object: string, extra: Record<string, unknown>, scale: number): boolean {
  return put(editor, scene, object, copiesOf(editor, scene), extra, OFFSET / scale, t('Duplicate'));
}

function mayAdd(editor: Editor, rows: readonly ResultRow[]): boolean {
  const added = new Map<string, { control: string; label: string; count: number }>();
  for (const row of rows) {
    for (const label of rowLabels(row)) {
      const key = `${row.from_name}\n${label}`;
      const known = added.get(key) ?? { control: row.from_name ?? '', label, count: 0 };
      known.count += 1;
      added.set(key, known);
    }
  }
  for (const { control, label, count } of added.values()) {
    const info = editor.label(control, label);
    if (!info || info.maxUsages === Number.POSITIVE_INFINITY) continue;
    const used = editor.regions.list().filter((region) => region.rows.some((row) => row.from_name === control && rowLabels(row).includes(label))).length;
    if (used + count <= info.maxUsages) continue;
    editor.say(t('"{label}" may be used {count} times at most.', { label: info.title, count: info.maxUsages }), 'problem');
    return false;
  }
  return true;
}

function put(editor: Editor, scene: Scene, object: string, copied: readonly Copied[], extra: Record<string, unknown>, offset: number, label: string): boolean {
  if (editor.readonly.peek() || copied.length === 0) return false;
  const made = copied.flatMap(({ rows, shape }) => {
    // Controls of another project's config mean nothing here.
    const kept = rows.filter((row) => editor.nodes.has(row.from_name ?? ''));
    const geometry = kept[0]?.value && shape.read(kept[0].value, scene.size);
    return geometry ? [{ rows: kept, shape, geometry }] : [];
  });
  if (made.length === 0) {
    editor.say(t('What was copied has no place in this task.'), 'problem');
    return false;
  }
  const hull = made.map(({ shape, geometry }) => shape.bounds(geometry)).reduce(union);
  const step = limitMove(hull, offset, offset, scene.size);
  const ids: string[] = [];
  const fresh: ResultRow[] = [];
  for (const { rows, shape, geometry } of made) {
    const id = regionId();
    ids.push(id);
    const place = shape.write(shape.move(geometry, step.x, step.y), scene.size, geometry);
    for (const { score: _score, readonly: _readonly, locked: _locked, parentID: _parent, item_index: _item, ...row } of rows) {
      const value = { ...row.value, ...Object.fromEntries(Object.entries(place).filter(([key]) => row.value && key in row.value)) };
      fresh.push({ ...row, ...extra, value, id, to_name: object, origin: 'manual' } as ResultRow);
    }
  }
  if (!mayAdd(editor, fresh)) return false;
  editor.commit(
    label,
    fresh.map((row) => ({ row })),
  );
  editor.select(ids);
  return true;
}

/**
 * Puts the selected regions before or behind all others of the image: what comes later in the result is drawn over what comes before it.
 * One step of undo.
 */
export function reorder(editor: Editor, scene: Scene, to: 'front' | 'back'): void {
  const chosen = editor.selection.peek();
  // To the back: all others come to the front, in their order.
  const moves = (id: string | undefined) => id !== undefined && scene.get(id) !== undefined && chosen.has(id) === (to === 'front');
  const moved = editor.rows().filter(([, row]) => moves(row.id) && (row.id === undefined || editor.canEdit(row.id)));
  if (moved.length === 0) return;
  const kept = new Set(chosen);
  editor.commit(to === 'front' ? t('Bring to the front') : t('Send to the back'), [...moved.map(([key]) => ({ key })), ...moved.map(([, row]) => ({ row }))]);
  editor.select(kept);
}
