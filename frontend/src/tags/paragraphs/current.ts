/** Which phrase a person is at, and what its view can do with it: for keys. */
import type { Editor, TagNode } from '../../core/types';

export interface PhraseControl {
  /** Goes on by so many phrases; false when there is none. */
  move(by: number): boolean;
  labelWhole(): boolean;
  play(): boolean;
}

const controls = new WeakMap<Editor, Map<string, PhraseControl>>();

export function registerPhrases(editor: Editor, node: TagNode, control: PhraseControl): () => void {
  const known = controls.get(editor) ?? new Map<string, PhraseControl>();
  controls.set(editor, known);
  known.set(node.key, control);
  return () => {
    if (known.get(node.key) === control) known.delete(node.key);
  };
}

export function phrasesOf(editor: Editor, node: TagNode): PhraseControl | undefined {
  return controls.get(editor)?.get(node.key);
}
