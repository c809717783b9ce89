/** Answers (choices, texts, numbers…): which row belongs to a control in a scope, and how such a row is made. */
import { attribute, flag, numeric, walk } from './node';
import { geometryOf } from './region';
import { tagSpec } from './tag-table';
import type { AnswerScope, ResultRow, TagNode } from './types';

/** Whether `row` is the answer of `control` in `scope`. */
export function isAnswerIn(row: ResultRow, control: TagNode, scope: AnswerScope): boolean {
  if (row.from_name !== control.name || row.type !== tagSpec(control.tag)?.resultType) return false;
  if (flag(control, 'perRegion')) return row.id === scope.region;
  return scope.item === undefined || (row.item_index ?? 0) === scope.item;
}

/** A new answer row. A per-region answer shares id, geometry and envelope with its region's `main` row. */
export function newAnswer(control: TagNode, value: Record<string, unknown>, id: string, scope: AnswerScope, main: ResultRow | undefined): ResultRow {
  const spec = tagSpec(control.tag);
  const envelope: Record<string, unknown> = {};
  if (main) {
    for (const key of ['original_width', 'original_height', 'image_rotation', 'original_length', 'item_index']) {
      if (key in main) envelope[key] = main[key];
    }
  }
  return {
    ...envelope,
    value: { ...(main && geometryOf(main)), ...value },
    id,
    from_name: control.name,
    to_name: main?.to_name ?? (spec?.ownObject ? control.name : (control.toName[0] ?? '')),
    type: spec?.resultType ?? control.tag.toLowerCase(),
    origin: 'manual',
    ...(scope.item !== undefined && { item_index: scope.item }),
  };
}

function defaultOf(node: TagNode): Record<string, unknown> | undefined {
  const preset = attribute(node, 'defaultValue').trim();
  switch (node.tag) {
    case 'Choices': {
      const picked = [...walk(node)].filter((child) => child.tag === 'Choice' && flag(child, 'selected'));
      const stored = picked.map((child) => child.attributes.alias || String(child.value));
      const kept = attribute(node, 'choice') === 'multiple' ? stored : stored.slice(0, 1);
      return kept.length ? { choices: kept } : undefined;
    }
    case 'TextArea':
      return typeof node.value === 'string' && node.value !== '' ? { text: [node.value] } : undefined;
    case 'Rating': {
      const stars = numeric(node, 'defaultValue', 0);
      return stars > 0 ? { rating: stars } : undefined;
    }
    case 'Number':
      return preset !== '' && !Number.isNaN(Number(preset)) ? { number: Number(preset) } : undefined;
    case 'DateTime':
      return preset !== '' ? { datetime: preset } : undefined;
    default:
      return undefined;
  }
}

/** What a fresh annotation starts with: answers that the config presets. Per-region and per-item questions have none. */
export function presetAnswers(root: TagNode, makeId: () => string): ResultRow[] {
  const rows: ResultRow[] = [];
  for (const node of walk(root)) {
    if (!node.name || flag(node, 'perRegion') || flag(node, 'perItem')) continue;
    const value = defaultOf(node);
    if (value) rows.push(newAnswer(node, value, makeId(), {}, undefined));
  }
  return rows;
}
