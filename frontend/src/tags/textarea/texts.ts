/** The texts of a TextArea: reading and changing the stored list. */
import { flag, numeric } from '../../core/node';
import type { AnswerScope, Editor, ResultRow, TagNode } from '../../core/types';

export function textsIn(row: ResultRow | undefined): readonly string[] {
  const text = row?.value?.text;
  return Array.isArray(text) ? text.map(String) : typeof text === 'string' ? [text] : [];
}

export function mostTexts(node: TagNode): number {
  return numeric(node, 'maxSubmissions', Number.POSITIVE_INFINITY);
}

export function setTexts(editor: Editor, node: TagNode, texts: readonly string[], options: { merge?: string; scope?: AnswerScope } = {}): void {
  editor.setAnswer(node, texts.length > 0 ? { text: [...texts] } : null, options);
}

/** Adds a text where there is room; false when it is refused as a repeat or one too many. */
export function addText(editor: Editor, node: TagNode, text: string, scope: AnswerScope): boolean {
  const texts = textsIn(editor.answer(node, scope));
  const clean = text.trim();
  if (clean === '' || texts.length >= mostTexts(node)) return false;
  if (flag(node, 'skipDuplicates') && texts.some((other) => other.trim().toLowerCase() === clean.toLowerCase())) return false;
  setTexts(editor, node, [...texts, clean], { scope });
  return true;
}
