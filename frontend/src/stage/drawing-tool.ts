/** What all drawing tools do: show what is drawn, store it as a region, and let it wait for a label when none is chosen. */
import { attribute } from '../core/node';
import type { Tool, ToolContext, ToolPointer, ToolPreview } from '../core/tool';
import { type Box, boxOfSize, clampPoint, type Point } from '../geometry/plane';
import { snapPoint } from '../geometry/snapping';
import type { ShapeKind } from './shape';

/** A movement shorter than this on screen is a click. */
export const CLICK = 4;

export function isClick(from: ToolPointer, to: ToolPointer): boolean {
  return Math.hypot(to.screenX - from.screenX, to.screenY - from.screenY) < CLICK;
}

export abstract class DrawingTool<G> implements Tool {
  abstract readonly id: string;
  abstract readonly title: string;
  abstract readonly icon: string;
  abstract readonly action: string;
  abstract readonly keys: readonly string[];
  readonly cursor: string = 'crosshair';
  protected shown: G | null = null;
  /** Drawn, but not allowed yet for want of a label. */
  protected waiting: G | null = null;

  constructor(
    protected readonly context: ToolContext,
    protected readonly shape: ShapeKind<G>,
  ) {}

  abstract get busy(): boolean;
  abstract down(at: ToolPointer): void;
  abstract move(at: ToolPointer): void;
  abstract up(at: ToolPointer): void;
  /** What a key puts in the middle of the part of the image that is on screen. */
  protected abstract makeDefault(visible: Box): G;
  protected abstract isTooSmall(geometry: G): boolean;

  get preview(): ToolPreview | null {
    const geometry = this.shown ?? this.waiting;
    return geometry && { kind: this.shape.kind, geometry };
  }

  protected get snaps(): boolean {
    return attribute(this.context.control, 'snap') === 'pixel';
  }

  protected point(at: Point): Point {
    const { x, y } = clampPoint(at, boxOfSize(this.context.size()));
    return this.snaps ? snapPoint({ x, y }) : { x, y };
  }

  protected show(geometry: G | null): void {
    this.shown = geometry;
    this.waiting = null;
    this.context.invalidate();
  }

  /** Stores what was drawn; without a label it stays on the stage until one is chosen. */
  protected store(drawn: G): string | null {
    const { editor, control, object, size } = this.context;
    const geometry = this.snaps ? this.shape.snap(drawn, size()) : drawn;
    this.shown = null;
    this.waiting = null;
    if (this.isTooSmall(geometry)) {
      this.context.invalidate();
      return null;
    }
    const value = this.shape.write(geometry, size());
    const id = editor.createRegion({ control: control.name, object: object.name, value, extra: this.context.rowExtra() });
    if (id === null && !editor.readonly.peek()) this.waiting = geometry;
    this.context.invalidate();
    return id;
  }

  addDefault(visible: Box): void {
    const id = this.store(this.makeDefault(visible));
    if (id !== null) this.context.editor.select([id]);
  }

  labelsChanged(): void {
    const drawn = this.waiting;
    if (!drawn || this.context.editor.activeLabels.peek().size === 0) return;
    const id = this.store(drawn);
    if (id !== null) this.context.editor.select([id]);
  }

  cancel(): void {
    this.show(null);
  }

  protected get isWaiting(): boolean {
    return this.waiting !== null;
  }
}
