/** Drawing rectangles: by dragging, by two clicks, by three points, or of default size by key. */
import { t } from '../../core/text';
import type { ToolContext, ToolFactory, ToolPointer } from '../../core/tool';
import type { Point } from '../../geometry/plane';
import { broughtInside, fromThreePoints, type Rectangle } from '../../geometry/rectangle';
import { BoxTool, CornersTool } from '../../stage/corners-tool';
import { CLICK, isClick } from '../../stage/drawing-tool';
import { rectangleShape } from './shape';

class TwoPointTool extends CornersTool {
  readonly id = `rectangle:${this.context.control.name}`;
  readonly title = t('Rectangle');
  readonly icon = 'rectangle';
  readonly action = 'tool:rectangle';
  readonly keys = ['r'];

  constructor(context: ToolContext) {
    super(context, rectangleShape);
  }
}

/** One edge by dragging or two clicks, then a click for the height: rectangles at any angle. */
class ThreePointTool extends BoxTool {
  readonly id = `rectangle3:${this.context.control.name}`;
  readonly title = t('Rectangle by three points');
  readonly icon = 'rectangle-3point';
  readonly action = 'tool:rectangle-3point';
  readonly keys = ['shift+r'];
  private points: Point[] = [];
  private pressed: ToolPointer | null = null;

  constructor(context: ToolContext) {
    super(context, rectangleShape);
  }

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
    const point = this.point(at);
    const first = this.points[0] as Point;
    if (this.points.length === 1) {
      const far = Math.hypot(point.x - first.x, point.y - first.y) * this.context.scale() >= CLICK;
      if (far || !isClick(pressed, at)) this.points = [first, point];
      return;
    }
    const drawn = this.outline(point);
    if (drawn.height * this.context.scale() < CLICK) return;
    this.points = [];
    this.store(broughtInside(drawn, this.context.size()));
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
export { describeRectangle as describe, rectangleFields as fields } from './fields';
export { rectangleShape as shape };
