/** What is picked in a Choices: reading and changing the stored list. */
import { attribute, flag } from '../../core/node';
import type { Editor, ResultRow, TagNode } from '../../core/types';

export interface Option {
  node: TagNode;
  /** Stored values from the top level down to this choice. */
  path: readonly string[];
  title: string;
  children: readonly Option[];
}

export const storedName = (node: TagNode): string => node.attributes.alias || String(node.value ?? '');

/** The choices below a node, through boxes like View; nested choices only where the control allows them. */
export function optionsBelow(control: TagNode, node: TagNode = control, above: readonly string[] = []): Option[] {
  return node.children.flatMap((child): Option[] => {
    if (child.tag !== 'Choice') return child.tag === 'View' ? optionsBelow(control, child, above) : [];
    const path = [...above, storedName(child)];
    const nested = flag(control, 'allowNested') ? optionsBelow(control, child, path) : [];
    return [{ node: child, path, title: String(child.value ?? ''), children: nested }];
  });
}

export function pathsIn(row: ResultRow | undefined): readonly (readonly string[])[] {
  const value = row?.value?.choices;
  if (typeof value === 'string') return [[value]];
  if (!Array.isArray(value)) return [];
  return value.map((entry) => (Array.isArray(entry) ? entry.map(String) : [String(entry)]));
}

/** Whether the option is in the row. Results that hold titles instead of aliases count too. */
export function isPicked(row: ResultRow | undefined, option: Option): boolean {
  const own = option.path.join('\n');
  return pathsIn(row).some((path) => path.join('\n') === own || (path.length === 1 && option.path.length === 1 && path[0] === option.title));
}

/** Picks or un-picks an option, as one step of undo. */
export function toggleOption(editor: Editor, control: TagNode, option: Option): void {
  const row = editor.answer(control);
  const picked = isPicked(row, option);
  const stored = flag(control, 'allowNested') ? [...option.path] : (option.path.at(-1) as string);
  let next: unknown[];
  if (attribute(control, 'choice') !== 'multiple') next = picked ? [] : [stored];
  else {
    const current = Array.isArray(row?.value?.choices) ? (row.value.choices as unknown[]) : [];
    const same = (entry: unknown) => {
      const path = Array.isArray(entry) ? entry.map(String) : [String(entry)];
      return path.join('\n') === option.path.join('\n') || (path.length === 1 && path[0] === option.title);
    };
    next = picked ? current.filter((entry) => !same(entry)) : [...current, stored];
  }
  editor.setAnswer(control, next.length > 0 ? { choices: next } : null);
}
