/** One registry of everything a person can do: keyboard, toolbar, palette and the "?" sheet all read it. */
import { type ReadonlySignal, signal } from '@preact/signals-core';

export interface Action {
  /** `region:delete`; the key of per-user overrides. */
  readonly id: string;
  readonly title: string;
  /** Heading in the "?" sheet. */
  readonly group: string;
  /** Default keys, for example `ctrl+enter` (ctrl is ⌘ on a Mac), `alt+r`, `[`. */
  readonly keys?: readonly string[];
  /** Whether it can be done now; always when absent. */
  readonly when?: () => boolean;
  /** Also while a text field has the focus. */
  readonly inFields?: boolean;
  /** Left out of palette and sheet: it belongs to one widget. */
  readonly quiet?: boolean;
  /** May return false to say "not mine": the key then goes on to the next action or the browser. */
  readonly run: () => unknown;
}

export class ActionRegistry {
  private readonly actions = new Map<string, Action>();
  private readonly changed = signal(0);

  /** Rises when actions come or go. */
  get revision(): ReadonlySignal<number> {
    return this.changed;
  }

  /** Adds actions (the later of two with one id counts). Returns the function that takes them away. */
  register(...actions: readonly Action[]): () => void {
    for (const action of actions) this.actions.set(action.id, action);
    this.changed.value = this.changed.peek() + 1;
    return () => {
      for (const action of actions) if (this.actions.get(action.id) === action) this.actions.delete(action.id);
      this.changed.value = this.changed.peek() + 1;
    };
  }

  get(id: string): Action | undefined {
    return this.actions.get(id);
  }

  all(): readonly Action[] {
    return [...this.actions.values()];
  }

  /** Does it if it can be done now. */
  run(id: string): boolean {
    const action = this.actions.get(id);
    if (!action || (action.when && !action.when())) return false;
    return action.run() !== false;
  }
}
