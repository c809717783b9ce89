/** Words about a region, asked of the tags it belongs to. */

import { isInPanel } from '../core/node';
import { isAnswerType } from '../core/region';
import { tagDefinition } from '../core/registry';
import type { Editor, Region, RegionField, ResultRow, TagNode } from '../core/types';

/** The marked text, the size: whatever the control or its object has to say. */
export function describeRegion(editor: Editor, region: Region): string {
  for (const name of [region.control, region.object]) {
    const node = editor.nodes.get(name);
    const words = node && tagDefinition(node.tag)?.describe?.(region.main, editor);
    if (words) return words;
  }
  const text = region.main.value?.text;
  return typeof text === 'string' ? text : '';
}

/** Answers about the region, each as a few words. */
export function describeAnswers(editor: Editor, region: Region): { key: string; name: string; words: string }[] {
  return region.rows
    .filter((row) => row !== region.main && isAnswerType(row.type))
    .map((row, index) => {
      const node = editor.nodes.get(row.from_name ?? '');
      const words = (node && tagDefinition(node.tag)?.describe?.(row, editor)) || '';
      return { key: `${row.from_name}-${index}`, name: row.from_name ?? '', words };
    })
    .filter(({ words }) => words !== '');
}

export function fieldsOf(editor: Editor, region: Region): readonly RegionField[] {
  for (const name of [region.control, region.object]) {
    const node = editor.nodes.get(name);
    const fields = node && tagDefinition(node.tag)?.fields?.(region.main, editor);
    if (fields) return fields.filter((field) => field.read || typeof region.main.value?.[field.key] === 'number');
  }
  return [];
}

/** Questions about a region that are answered in the panel rather than in the task. */
export function panelQuestions(editor: Editor, row: ResultRow): readonly TagNode[] {
  return [...editor.nodes.values()].filter((node) => isInPanel(node) && node.toName.includes(row.to_name ?? ''));
}
