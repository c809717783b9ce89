/** Drawing rectangles: by dragging, by two clicks, by three points, or of default size by key. */
import { attribute } from '../../core/node';
import { t } from '../../core/text';
import type { Tool, ToolContext, ToolFactory, ToolPointer, ToolPreview } from '../../core/tool';
import { boxOfSize, clampPoint, type Point } from '../../geometry/plane';
import { broughtInside, fromCorners, fromThreePoints, type Rectangle } from '../../geometry/rectangle';
import { snapPoint, snapRectangle } from '../../geometry/snapping';
import { rectangleShape } from './shape';

/** A movement shorter than this on screen is a click. */
const CLICK = 4;
const SMALLEST = 1;

abstract class RectangleTool implements Tool {
  abstract readonly id: string;
  abstract readonly title: string;
  abstract readonly icon: string;
  abstract readonly action: string;
  readonly cursor = 'crosshair';
  protected shown: Rectangle | null = null;
  /** Drawn, but not allowed yet for want of a label. */
  private waiting: Rectangle | null = null;

  constructor(protected readonly context: ToolContext) {}

  abstract get busy(): boolean;
  abstract down(at: ToolPointer): void;
  abstract move(at: ToolPointer): void;
  abstract up(at: ToolPointer): void;

  get preview(): ToolPreview | null {
    const geometry = this.shown ?? this.waiting;
    return geometry && { kind: rectangleShape.kind, geometry };
  }

  protected get snaps(): boolean {
    return attribute(this.context.control, 'snap') === 'pixel';
  }

  protected point(at: Point): Point {
    const inside = clampPoint(at, boxOfSize(this.context.size()));
    return this.snaps ? snapPoint(inside) : inside;
  }

  protected show(rectangle: Rectangle | null): void {
    this.shown = rectangle;
    this.waiting = null;
    this.context.invalidate();
  }

  /** Stores what was drawn; without a label it stays on the stage until one is chosen. */
  protected finish(rectangle: Rectangle): string | null {
    const { editor, control, object, size } = this.context;
    const geometry = this.snaps ? snapRectangle(rectangle, size()) : rectangle;
    this.shown = null;
    this.waiting = null;
    if (geometry.width < SMALLEST || geometry.height < SMALLEST) {
      this.context.invalidate();
      return null;
    }
    const value = rectangleShape.write(geometry, size());
    const id = editor.createRegion({ control: control.name, object: object.name, value, extra: this.context.rowExtra() });
    if (id === null && !editor.readonly.peek()) this.waiting = geometry;
    this.context.invalidate();
    return id;
  }

  addDefault(visible: { minX: number; minY: number; maxX: number; maxY: number }): void {
    const width = (visible.maxX - visible.minX) / 4;
    const height = (visible.maxY - visible.minY) / 4;
    const x = (visible.minX + visible.maxX - width) / 2;
    const y = (visible.minY + visible.maxY - height) / 2;
    const id = this.finish({ x, y, width, height, rotation: 0 });
    if (id !== null) this.context.editor.select([id]);
  }

  labelsChanged(): void {
    const drawn = this.waiting;
    if (!drawn || this.context.editor.activeLabels.peek().size === 0) return;
    const id = this.finish(drawn);
    if (id !== null) this.context.editor.select([id]);
  }

  cancel(): void {
    this.show(null);
  }

  protected get isWaiting(): boolean {
    return this.waiting !== null;
  }
}

/** Drag from corner to corner, or click on both. Shift makes a square. */
class TwoPointTool extends RectangleTool {
  readonly id = `rectangle:${this.context.control.name}`;
  readonly title = t('Rectangle');
  readonly icon = 'rectangle';
  readonly action = 'tool:rectangle';
  private start: ToolPointer | null = null;
  /** The first of two clicks was made. */
  private clicked = false;

  get busy(): boolean {
    return this.start !== null || this.isWaiting;
  }

  down(at: ToolPointer): void {
    if (!this.start) this.start = at;
  }

  move(at: ToolPointer): void {
    if (!this.start) return;
    this.show(fromCorners(this.point(this.start), this.point(at), this.context.size(), at.shift));
  }

  up(at: ToolPointer): void {
    const { start } = this;
    if (!start) return;
    const isClick = Math.hypot(at.screenX - start.screenX, at.screenY - start.screenY) < CLICK;
    if (isClick) {
      // A second click on the same place ends what the first began.
      if (this.clicked) this.cancel();
      else this.clicked = true;
      return;
    }
    this.start = null;
    this.clicked = false;
    this.finish(fromCorners(this.point(start), this.point(at), this.context.size(), at.shift));
  }

  override cancel(): void {
    this.start = null;
    this.clicked = false;
    super.cancel();
  }
}

/** One edge by dragging or two clicks, then a click for the height: rectangles at any angle. */
class ThreePointTool extends RectangleTool {
  readonly id = `rectangle3:${this.context.control.name}`;
  readonly title = t('Rectangle by three points');
  readonly icon = 'rectangle-3point';
  readonly action = 'tool:rectangle-3point';
  private points: Point[] = [];
  private pressed: ToolPointer | null = null;

  get busy(): boolean {
    return this.points.length > 0 || this.isWaiting;
  }

  private outline(at: Point): Rectangle {
    const [a, b] = this.points;
    if (!a) return { x: at.x, y: at.y, width: 0, height: 0, rotation: 0 };
    return b ? fromThreePoints(a, b, at) : fromThreePoints(a, at, at);
  }

  down(at: ToolPointer): void {
    this.pressed = at;
    if (this.points.length === 0) this.points = [this.point(at)];
  }

  move(at: ToolPointer): void {
    if (this.points.length > 0) this.show(this.outline(this.point(at)));
  }

  up(at: ToolPointer): void {
    const { pressed } = this;
    this.pressed = null;
    if (!pressed || this.points.length === 0) return;
    const moved = Math.hypot(at.screenX - pressed.screenX, at.screenY - pressed.screenY) >= CLICK;
    const point = this.point(at);
    const first = this.points[0] as Point;
    if (this.points.length === 1) {
      const far = Math.hypot(point.x - first.x, point.y - first.y) * this.context.scale() >= CLICK;
      if (moved || far) this.points = [first, point];
      return;
    }
    const drawn = this.outline(point);
    if (drawn.height * this.context.scale() < CLICK) return;
    this.points = [];
    this.finish(broughtInside(drawn, this.context.size()));
  }

  override cancel(): void {
    this.points = [];
    this.pressed = null;
    super.cancel();
  }
}

const twoPoints: ToolFactory = (context) => new TwoPointTool(context);
export default twoPoints;

export const more: readonly ToolFactory[] = [(context) => new ThreePointTool(context)];
export { rectangleShape as shape };
