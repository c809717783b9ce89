/**
 * What a model suggests for the open annotation. Suggested rows are shown like any others, but they are not part of the result, of drafts or of
 * undo until a person accepts them.
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import type { AnnotationEditor } from './editor';
import { regionId } from './ids';
import { attribute, flag } from './node';
import { hasGeometry, isAnswerType, isRelation } from './region';
import { tagSpec } from './tag-table';
import { t } from './text';
import type { ResultRow, RowChange, RowKey, TagNode, Transaction } from './types';

export class Suggestions {
  private readonly keys = signal<readonly RowKey[]>([]);
  /** Regions that were drawn to ask the model, and that its suggestions would replace. */
  private prompts: readonly string[] = [];
  /** Ids of the suggested rows. */
  readonly ids: ReadonlySignal<ReadonlySet<string>> = computed(() => {
    const found = this.keys.value.map((key) => this.editor.regions.row(key)?.id).filter((id) => id !== undefined);
    return new Set(found);
  });
  readonly count: ReadonlySignal<number> = computed(() => this.ids.value.size);

  constructor(private readonly editor: AnnotationEditor) {}

  /** Shows what the model answered to `prompts`, in place of what it suggested before. */
  show(rows: readonly ResultRow[], prompts: readonly string[] = []): void {
    this.reject();
    const ids = new Map<string, string>();
    const fresh = (id: string) => {
      const known = ids.get(id) ?? regionId();
      ids.set(id, known);
      return known;
    };
    // A model may send back the ids it was sent, or none: suggestions never share one with what is there.
    const own = rows.map((row) => (isRelation(row) ? { ...row, from_id: fresh(row.from_id ?? ''), to_id: fresh(row.to_id ?? '') } : renamed(row, fresh)));
    const before = new Set(this.editor.regions.all().map(([key]) => key));
    this.prompts = prompts;
    for (const row of own) if (row.id !== undefined) this.editor.regions.withheld.add(row.id);
    this.editor.commit(
      t('Suggestions'),
      own.map((row) => ({ row })),
      { origin: 'remote' },
    );
    this.keys.value = this.editor.regions
      .all()
      .map(([key]) => key)
      .filter((key) => !before.has(key));
  }

  /** Makes suggestions part of the annotation, as one step that can be undone: those of these ids, or all. What asked for them goes. */
  accept(ids: ReadonlySet<string> = this.ids.peek()): void {
    const taken = this.entries().filter(([, row]) => ids.has(row.id ?? ''));
    if (taken.length === 0) return;
    const rows = taken.map(([, row]) => ({ ...row, origin: 'prediction' }));
    const marks = rows.some((row) => hasGeometry(row));
    const prompts = marks ? this.prompts : [];
    this.drop(taken.map(([key]) => key));
    const changes: RowChange[] = [];
    const replaced = new Set<RowKey>();
    for (const [key, row] of this.editor.regions.all()) {
      const gone = row.id !== undefined && prompts.includes(row.id);
      const answered = !hasGeometry(row) && isAnswerType(row.type) && rows.some((other) => !hasGeometry(other) && sameQuestion(row, other));
      if ((gone || answered) && !this.keys.peek().includes(key)) replaced.add(key);
    }
    for (const key of replaced) changes.push({ key });
    for (const row of rows) changes.push({ row });
    if (marks) this.prompts = [];
    this.editor.commit(t('Accept suggestions'), changes);
  }

  /** Takes the suggestions away; what was drawn to ask for them stays. */
  reject(): void {
    this.drop(this.keys.peek());
    this.prompts = [];
  }

  private entries(): (readonly [RowKey, ResultRow])[] {
    return this.keys
      .peek()
      .map((key) => [key, this.editor.regions.row(key)] as const)
      .filter((entry): entry is readonly [RowKey, ResultRow] => entry[1] !== undefined);
  }

  private drop(keys: readonly RowKey[]): void {
    if (keys.length === 0) return;
    const rows = keys.map((key) => this.editor.regions.row(key));
    this.keys.value = this.keys.peek().filter((key) => !keys.includes(key));
    this.editor.commit(
      t('Suggestions'),
      keys.map((key) => ({ key })),
      { origin: 'remote' },
    );
    for (const row of rows) if (row?.id !== undefined) this.editor.regions.withheld.delete(row.id);
  }
}

function renamed(row: ResultRow, fresh: (id: string) => string): ResultRow {
  const parent = typeof row.parentID === 'string' ? { parentID: fresh(row.parentID) } : {};
  return { ...row, id: row.id === undefined ? regionId() : fresh(row.id), ...parent };
}

const sameQuestion = (one: ResultRow, other: ResultRow) =>
  one.from_name === other.from_name && one.to_name === other.to_name && one.item_index === other.item_index;

/** Whether what this control marks asks the model: `smart` ones do; where the config names none, every control that marks something does. */
export function asksModel(editor: AnnotationEditor, control: TagNode): boolean {
  const isSmart = (node: TagNode) => flag(node, 'smart') || attribute(node, 'smartOnly') === 'true';
  const controls = [...editor.nodes.values()].filter((node) => tagSpec(node.tag)?.kind === 'control');
  return isSmart(control) || !controls.some(isSmart);
}

/** Ids of the regions that a transaction has added by controls that ask the model. */
export function drawnPrompts(editor: AnnotationEditor, transaction: Transaction): string[] {
  if (transaction.origin !== 'user') return [];
  const found = new Set<string>();
  for (const { before, after } of transaction.patches) {
    if (before || !after || after.id === undefined || !hasGeometry(after) || after.origin !== 'manual') continue;
    const control = editor.nodes.get(after.from_name ?? '');
    if (control && asksModel(editor, control)) found.add(after.id);
  }
  return [...found];
}
