/** What keeps an annotation from being submitted: required answers that are missing. */
import { attribute, flag, walk } from './node';
import { isAnswerType, rowLabels } from './region';
import { tagSpec } from './tag-table';
import { t } from './text';
import type { Editor, ResultRow, TagNode, TagProblem } from './types';
import { rulesShow } from './visibility';

function isFilled(row: ResultRow | undefined): boolean {
  if (!row?.value) return false;
  const key = answerKey(row.type);
  const value = row.value[key];
  if (Array.isArray(value)) return value.some((entry) => String(entry).trim() !== '');
  return value !== undefined && value !== null && String(value).trim() !== '';
}

function answerKey(type: string): string {
  return type === 'textarea' ? 'text' : type === 'pairwise' ? 'selected' : type;
}

function message(node: TagNode): string {
  return attribute(node, 'requiredMessage') || t('An answer is needed here.');
}

function missing(node: TagNode, editor: Editor): TagProblem[] {
  const rows = editor
    .rows()
    .map(([, row]) => row)
    .filter((row) => row.from_name === node.name && isAnswerType(row.type));
  if (flag(node, 'perRegion')) {
    const regions = editor.regions.list().filter((region) => node.toName.includes(region.object) && isConcerned(node, editor, region.rows));
    return regions
      .filter((region) => !rows.some((row) => row.id === region.id && isFilled(row)))
      .map((region) => ({ node, message: message(node), region: region.id }));
  }
  return rows.some(isFilled) ? [] : [{ node, message: message(node) }];
}

/** A per-region question may be narrowed to regions with certain labels. */
function isConcerned(node: TagNode, editor: Editor, rows: readonly ResultRow[]): boolean {
  for (let at: TagNode | null = node; at; at = at.parent) {
    const wanted = attribute(at, 'whenLabelValue')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
    if (wanted.length === 0) continue;
    const labels = rows.flatMap(rowLabels);
    const titles = rows.flatMap((row) => labels.map((label) => editor.label(row.from_name ?? '', label)?.title ?? label));
    if (!wanted.some((label) => labels.includes(label) || titles.includes(label))) return false;
  }
  return true;
}

/** Every required answer that is missing, and what tags say for themselves, in the order of the config. */
export function findProblems(editor: Editor, validate: (node: TagNode) => readonly TagProblem[]): TagProblem[] {
  const problems: TagProblem[] = [];
  for (const node of walk(editor.root)) {
    if (!node.name) continue;
    const kind = tagSpec(node.tag)?.kind;
    if (kind === 'object') problems.push(...validate(node));
    if (kind !== 'control') continue;
    const perRegion = flag(node, 'perRegion');
    if (!perRegion && !rulesShow(editor, node)) continue;
    if (flag(node, 'required')) problems.push(...missing(node, editor));
    problems.push(...validate(node));
  }
  return problems;
}
