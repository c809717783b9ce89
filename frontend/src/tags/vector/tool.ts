/**
 * Drawing paths vertex by vertex. With `curves` a press that is dragged pulls the control points of its vertex; with `closable` a click on the
 * first vertex closes; with `skeleton` a click on any vertex begins a branch there. A second click on the last vertex, Enter and Escape end
 * the path and keep it; Backspace takes the last vertex back.
 */

import { regionId } from '../../core/ids';
import { flag, numeric } from '../../core/node';
import { plural, t } from '../../core/text';
import type { ToolContext, ToolFactory, ToolPointer } from '../../core/tool';
import type { RegionField, ResultRow } from '../../core/types';
import type { Path, Vertex } from '../../geometry/path';
import { type Box, distance, type Point } from '../../geometry/plane';
import { defaultBox } from '../../stage/corners-tool';
import { CLICK, DrawingTool, isClick } from '../../stage/drawing-tool';
import type { ShapeKind } from '../../stage/shape';
import { vectorShape } from './shape';

const REACH = { mouse: 9, pen: 12, touch: 22 };
const LEAST_POINTS = 2;
const LEAST_CLOSED = 3;

export class VectorTool extends DrawingTool<Path> {
  readonly id = `vector:${this.context.control.name}`;
  readonly title = t('Path');
  readonly icon = 'vector';
  readonly action = 'tool:vector';
  // Polygon has P.
  readonly keys = ['shift+p'];
  readonly clicks = true;
  readonly keepsOnEscape = true;
  private vertices: Vertex[] = [];
  /** The vertex that the next one goes on from. */
  private tip: Vertex | null = null;
  private pressed: ToolPointer | null = null;

  constructor(context: ToolContext, shape: ShapeKind<Path> = vectorShape) {
    super(context, shape);
  }

  get busy(): boolean {
    return this.vertices.length > 0 || this.isWaiting;
  }

  private isNear(at: ToolPointer, point: Point, reach: number = REACH[at.pointerType]): boolean {
    return distance(at, point) * this.context.scale() <= reach;
  }

  private closes(at: ToolPointer): boolean {
    return flag(this.context.control, 'closable') && this.vertices.length >= LEAST_CLOSED && this.isNear(at, this.vertices[0] as Vertex);
  }

  private next(at: ToolPointer): Vertex {
    const { pressed } = this;
    const place = this.point(pressed && flag(this.context.control, 'curves') ? pressed : at);
    const pulled = pressed && flag(this.context.control, 'curves') && !isClick(pressed, at);
    const controls = pulled
      ? ([
          { x: 2 * place.x - at.x, y: 2 * place.y - at.y },
          { x: at.x, y: at.y },
        ] as const)
      : null;
    return { ...place, id: regionId(), before: this.tip?.id ?? null, controls };
  }

  private draw(next?: Vertex): void {
    const vertices = next ? [...this.vertices, next] : this.vertices;
    this.show(vertices.length > 0 ? { vertices, closed: false } : null);
  }

  down(at: ToolPointer): void {
    this.pressed = at;
    this.move(at);
  }

  move(at: ToolPointer): void {
    if (this.isWaiting || (!this.busy && !this.pressed)) return;
    if (this.closes(at)) this.show({ vertices: this.vertices, closed: true });
    else this.draw(this.next(at));
  }

  up(at: ToolPointer): void {
    const { pressed, tip } = this;
    if (!pressed) return;
    const vertex = this.next(at);
    this.pressed = null;
    if (tip && this.isNear(at, tip, CLICK)) {
      this.finish();
      return;
    }
    if (this.closes(at)) {
      this.end(true);
      return;
    }
    const branch = flag(this.context.control, 'skeleton') ? this.vertices.find((known) => this.isNear(at, known)) : undefined;
    if (branch) {
      this.tip = branch;
      this.draw();
      return;
    }
    this.vertices = [...this.vertices, vertex];
    this.tip = vertex;
    if (this.vertices.length >= numeric(this.context.control, 'maxPoints', Number.POSITIVE_INFINITY)) this.end(false);
    else this.draw();
  }

  finish(): boolean {
    if (this.vertices.length < Math.max(LEAST_POINTS, numeric(this.context.control, 'minPoints', LEAST_POINTS))) {
      this.context.editor.say(t('It needs more points.'), 'problem');
      return false;
    }
    this.end(false);
    return true;
  }

  private end(closed: boolean): void {
    const { vertices } = this;
    this.vertices = [];
    this.tip = null;
    this.store({ vertices, closed });
  }

  stepBack(): void {
    const gone = this.vertices.at(-1);
    this.vertices = this.vertices.slice(0, -1);
    this.tip = this.vertices.find(({ id }) => id === gone?.before) ?? this.vertices.at(-1) ?? null;
    this.draw();
  }

  release(): void {
    this.pressed = null;
    this.draw();
  }

  protected isTooSmall({ vertices }: Path): boolean {
    return vertices.length < LEAST_POINTS;
  }

  protected makeDefault(visible: Box): Path {
    const { x, y, width, height } = defaultBox(visible);
    const first: Vertex = { x, y: y + height, id: regionId(), before: null, controls: null };
    const second: Vertex = { x: x + width, y, id: regionId(), before: first.id, controls: null };
    return { vertices: [first, second], closed: false };
  }

  override cancel(): void {
    this.vertices = [];
    this.tip = null;
    this.pressed = null;
    super.cancel();
  }
}

const vector: ToolFactory = (context) => new VectorTool(context);
export default vector;
export { vectorShape as shape };

const MOST = 24;

const verticesOf = (row: ResultRow) => (Array.isArray(row.value?.vertices) ? (row.value.vertices as { x: number; y: number }[]) : []);

export function describe(row: ResultRow): string {
  return plural(verticesOf(row).length, '{count} point', '{count} points');
}

/** Each vertex, while they are few enough to read. */
export function fields(row: ResultRow): readonly RegionField[] {
  const vertices = verticesOf(row);
  if (vertices.length > MOST) return [];
  return vertices.flatMap((_, index) =>
    (['x', 'y'] as const).map(
      (axis): RegionField => ({
        key: `vertices.${index}.${axis}`,
        title: `${index + 1} ${axis === 'x' ? t('X') : t('Y')}`,
        unit: '%',
        min: 0,
        max: 100,
        step: 0.1,
        digits: 2,
        read: (now) => verticesOf(now)[index]?.[axis] ?? 0,
        apply: (typed, now) => ({ vertices: verticesOf(now).map((vertex, at) => (at === index ? { ...vertex, [axis]: typed } : vertex)) }),
      }),
    ),
  );
}
