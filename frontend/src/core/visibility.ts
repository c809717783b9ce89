/** The rules `visibleWhen`, `whenTagName`, `whenLabelValue`, `whenChoiceValue`, and per-region questions. */
import { attribute, flag } from './node';
import { rowLabels } from './region';
import type { Editor, ResultRow, TagNode } from './types';

const list = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

function selectedRows(editor: Editor): readonly ResultRow[][] {
  return [...editor.selection.value].map((id) => [...(editor.regions.get(id)?.rows ?? [])]).filter((rows) => rows.length > 0);
}

/** Titles and stored values of what is chosen in a row of Choices, and leaves of a Taxonomy. */
function chosen(editor: Editor, row: ResultRow): Set<string> {
  const value = row.value?.choices ?? row.value?.taxonomy;
  const found = new Set<string>();
  if (!Array.isArray(value)) return found;
  for (const entry of value) {
    const stored = Array.isArray(entry) ? String(entry.at(-1)) : String(entry);
    found.add(stored);
    const label = editor.label(row.from_name ?? '', stored);
    if (label) found.add(label.title);
  }
  return found;
}

function choiceSelected(editor: Editor, node: TagNode): boolean {
  const names = list(attribute(node, 'whenTagName'));
  const values = list(attribute(node, 'whenChoiceValue'));
  const selection = editor.selection.value;
  return editor.rows().some(([, row]) => {
    if (row.type !== 'choices' && row.type !== 'taxonomy') return false;
    if (names.length > 0 && !names.includes(row.from_name ?? '')) return false;
    const control = editor.nodes.get(row.from_name ?? '');
    // A per-region question counts for the region that is selected.
    if (control && flag(control, 'perRegion') && !(row.id !== undefined && selection.has(row.id))) return false;
    const picked = chosen(editor, row);
    return values.length > 0 ? values.some((value) => picked.has(value)) : picked.size > 0;
  });
}

function regionSelected(editor: Editor, node: TagNode): boolean {
  const names = list(attribute(node, 'whenTagName'));
  const labels = list(attribute(node, 'whenLabelValue'));
  const roles = list(attribute(node, 'whenRole'));
  return selectedRows(editor).some((rows) =>
    rows.some((row) => {
      if (names.length > 0 && !names.includes(row.from_name ?? '')) return false;
      if (roles.length > 0 && !roles.includes(String((row.value?.chatmessage as { role?: unknown } | undefined)?.role))) return false;
      if (labels.length === 0) return true;
      return rowLabels(row).some((label) => labels.includes(label) || labels.includes(editor.label(row.from_name ?? '', label)?.title ?? ''));
    }),
  );
}

function ruleHolds(editor: Editor, node: TagNode): boolean {
  const rule = attribute(node, 'visibleWhen') || (node.attributes.whenChoiceValue ? 'choice-selected' : '');
  switch (rule) {
    case 'region-selected':
      return regionSelected(editor, node);
    case 'no-region-selected':
      return editor.selection.value.size === 0;
    case 'choice-selected':
      return choiceSelected(editor, node);
    case 'choice-unselected':
      return !choiceSelected(editor, node);
    default:
      return true;
  }
}

/** Whether visibility rules (its own and those above) show the node. A per-region question itself is asked by `isAsked`. */
export function rulesShow(editor: Editor, node: TagNode): boolean {
  for (let at: TagNode | null = node; at; at = at.parent) if (!ruleHolds(editor, at)) return false;
  return true;
}

/** As `rulesShow`, but only by rules about choices: what is selected at the moment of submitting says nothing about an answer. */
export function choicesShow(editor: Editor, node: TagNode): boolean {
  for (let at: TagNode | null = node; at; at = at.parent) {
    const rule = attribute(at, 'visibleWhen');
    if (rule !== 'region-selected' && rule !== 'no-region-selected' && !ruleHolds(editor, at)) return false;
  }
  return true;
}

/** Whether a question that is put per region has a region to be about. */
export function isAsked(editor: Editor, node: TagNode): boolean {
  return !flag(node, 'perRegion') || editor.scopeOf(node) !== null;
}
