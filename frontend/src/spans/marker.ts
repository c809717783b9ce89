/** From a selected piece of text to a region: which control takes it, what its value is, or that a label must be chosen. */
import { type Signal, signal } from '@preact/signals-core';
import { hasOwnLabels } from '../core/marking';
import { attribute } from '../core/node';
import type { Editor, TagNode } from '../core/types';
import { snapIn } from './granularity';
import type { SpanBoard } from './span-board';

export interface Pending {
  start: number;
  end: number;
}

export class Marker {
  /** A selection that waits for its label; positions are UTF-16 units. */
  readonly pending: Signal<Pending | null> = signal(null);

  constructor(
    private readonly editor: Editor,
    private readonly object: TagNode,
    private readonly board: () => SpanBoard | null,
  ) {}

  /** Controls that mark text of this object. */
  controls(): readonly TagNode[] {
    return this.editor.controlsFor(this.object.name).filter(hasOwnLabels);
  }

  /** The control whose labels are active. */
  activeControl(): TagNode | undefined {
    const active = this.editor.activeLabels.peek();
    return this.controls().find((control) => (active.get(control.name)?.length ?? 0) > 0);
  }

  private granularity(control: TagNode | undefined): string {
    const stored = control ? this.editor.activeLabels.peek().get(control.name)?.[0] : undefined;
    const label = control && stored !== undefined ? this.editor.label(control.name, stored) : undefined;
    return label?.node.attributes.granularity ?? attribute(this.object, 'granularity');
  }

  /** Takes a selection: marks it with the active label, or lets it wait for one. True when it was marked. */
  take(start: number, end: number): boolean {
    const board = this.board();
    if (!board || this.editor.readonly.peek() || this.controls().length === 0) return false;
    const control = this.activeControl();
    const snapped = snapIn(board.layer, start, end, this.granularity(control));
    if (!snapped) return false;
    if (!control) {
      this.editor.select([]);
      this.pending.value = { start: snapped[0], end: snapped[1] };
      return false;
    }
    return this.mark(control, snapped[0], snapped[1]);
  }

  /** Gives the waiting selection a label. */
  label(control: TagNode, stored: string): boolean {
    const waiting = this.pending.peek();
    this.pending.value = null;
    return waiting !== null && this.mark(control, waiting.start, waiting.end, new Map([[control.name, [stored]]]));
  }

  private mark(control: TagNode, from: number, to: number, labels?: ReadonlyMap<string, readonly string[]>): boolean {
    const board = this.board();
    if (!board) return false;
    const value = board.format.write(from, to);
    return this.editor.createRegion({ control: control.name, object: this.object.name, value, ...(labels && { labels }) }) !== null;
  }
}
