/**
 * Drawing polygons corner by corner: clicks put corners, a press that is dragged puts its corner where it is let go. A click on the first
 * corner, a second click on the last one, or Enter closes; Backspace takes the last corner back. Shift keeps to steps of 45 degrees.
 */
import { t } from '../../core/text';
import type { ToolContext, ToolFactory, ToolPointer } from '../../core/tool';
import { type Box, direction, distance, type Point } from '../../geometry/plane';
import type { Polygon } from '../../geometry/polygon';
import { defaultBox } from '../../stage/corners-tool';
import { CLICK, DrawingTool } from '../../stage/drawing-tool';
import { polygonShape } from './shape';

const REACH = { mouse: 9, pen: 12, touch: 22 };
const LEAST_POINTS = 3;
const STEP = 45;

/** `to` moved so that it lies in a direction of whole steps from `from`. */
export function inSteps(from: Point, to: Point): Point {
  const angle = (Math.round(direction(from, to) / STEP) * STEP * Math.PI) / 180;
  const along = (to.x - from.x) * Math.cos(angle) + (to.y - from.y) * Math.sin(angle);
  return { x: from.x + along * Math.cos(angle), y: from.y + along * Math.sin(angle) };
}

class PolygonTool extends DrawingTool<Polygon> {
  readonly id = `polygon:${this.context.control.name}`;
  readonly title = t('Polygon');
  readonly icon = 'polygon';
  readonly action = 'tool:polygon';
  readonly keys = ['p'];
  readonly clicks = true;
  private points: Point[] = [];
  private pressed = false;

  constructor(context: ToolContext) {
    super(context, polygonShape);
  }

  get busy(): boolean {
    return this.points.length > 0 || this.isWaiting;
  }

  private target(at: ToolPointer): Point {
    const last = this.points.at(-1);
    return this.point(at.shift && last ? inSteps(last, at) : at);
  }

  private isNear(at: ToolPointer, point: Point, reach: number): boolean {
    return distance(at, point) * this.context.scale() <= reach;
  }

  private closes(at: ToolPointer): boolean {
    return this.points.length >= LEAST_POINTS && this.isNear(at, this.points[0] as Point, REACH[at.pointerType]);
  }

  /** The corners so far, with the one that follows the pointer. */
  private draw(next?: Point): void {
    const points = next ? [...this.points, next] : this.points;
    this.show(points.length > 0 ? { points, closed: false } : null);
  }

  down(at: ToolPointer): void {
    this.pressed = true;
    this.move(at);
  }

  move(at: ToolPointer): void {
    if (!this.busy && !this.pressed) return;
    if (this.isWaiting) return;
    if (this.closes(at)) this.show({ points: this.points, closed: true });
    else this.draw(this.target(at));
  }

  up(at: ToolPointer): void {
    if (!this.pressed) return;
    this.pressed = false;
    const last = this.points.at(-1);
    if (this.closes(at) || (last && this.isNear(at, last, CLICK))) {
      this.finish();
      return;
    }
    this.points = [...this.points, this.target(at)];
    this.draw();
  }

  finish(): boolean {
    const { points } = this;
    if (points.length < LEAST_POINTS) return false;
    this.points = [];
    this.store({ points, closed: true });
    return true;
  }

  stepBack(): void {
    this.points = this.points.slice(0, -1);
    this.draw();
  }

  release(): void {
    this.pressed = false;
    this.draw();
  }

  protected isTooSmall({ points }: Polygon): boolean {
    return points.length < LEAST_POINTS;
  }

  protected makeDefault(visible: Box): Polygon {
    const { x, y, width, height } = defaultBox(visible);
    const points = [
      { x: x + width / 2, y },
      { x: x + width, y: y + height / 2 },
      { x: x + width / 2, y: y + height },
      { x, y: y + height / 2 },
    ];
    return { points, closed: true };
  }

  override cancel(): void {
    this.points = [];
    this.pressed = false;
    super.cancel();
  }
}

const polygon: ToolFactory = (context) => new PolygonTool(context);
export default polygon;
export { describePolygon as describe, polygonFields as fields } from './fields';
export { polygonShape as shape };
