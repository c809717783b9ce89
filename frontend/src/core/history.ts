/** Undo and redo: the transactions of one annotation, in memory, each a list of patches that can be turned round. */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { Patch, Transaction } from './types';

const LIMIT = 1000;

export function inverse(patches: readonly Patch[]): Patch[] {
  return patches.map(({ id, before, after }) => ({ id, ...(after && { before: after }), ...(before && { after: before }) })).reverse();
}

/** Two lists of patches as one: what was before the first and is after the last. */
export function squash(first: readonly Patch[], second: readonly Patch[]): Patch[] {
  const merged = new Map<string, Patch>();
  for (const patch of [...first, ...second]) {
    const known = merged.get(patch.id);
    const before = known ? known.before : patch.before;
    merged.set(patch.id, { id: patch.id, ...(before && { before }), ...(patch.after && { after: patch.after }) });
  }
  return [...merged.values()].filter((patch) => patch.before !== patch.after);
}

export class History {
  private done: Transaction[] = [];
  private undone: Transaction[] = [];
  private mergeKey: string | undefined;
  private readonly undoLabel = signal<string | null>(null);
  private readonly redoLabel = signal<string | null>(null);

  /** What undo would take back, null when there is nothing. */
  get nextUndo(): ReadonlySignal<string | null> {
    return this.undoLabel;
  }

  get nextRedo(): ReadonlySignal<string | null> {
    return this.redoLabel;
  }

  /** Remembers a transaction. With the `merge` of the one before, both become one step. */
  record(transaction: Transaction, merge?: string): void {
    const last = this.done.at(-1);
    if (merge !== undefined && merge === this.mergeKey && last) {
      this.done[this.done.length - 1] = { ...last, patches: squash(last.patches, transaction.patches) };
    } else {
      this.done.push(transaction);
      if (this.done.length > LIMIT) this.done.shift();
    }
    this.mergeKey = merge;
    this.undone = [];
    this.publish();
  }

  /** Ends merging: the next transaction is a step of its own. */
  seal(): void {
    this.mergeKey = undefined;
  }

  undo(): Transaction | undefined {
    const last = this.done.pop();
    if (last) this.undone.push(last);
    this.mergeKey = undefined;
    this.publish();
    return last && { ...last, patches: inverse(last.patches) };
  }

  redo(): Transaction | undefined {
    const next = this.undone.pop();
    if (next) this.done.push(next);
    this.mergeKey = undefined;
    this.publish();
    return next;
  }

  private publish(): void {
    this.undoLabel.value = this.done.at(-1)?.label ?? null;
    this.redoLabel.value = this.undone.at(-1)?.label ?? null;
  }
}
