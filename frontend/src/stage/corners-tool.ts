/** Drawing what fits in an upright box: drag from corner to corner, or click on both. Shift makes it as wide as high. */
import type { ToolPointer } from '../core/tool';
import type { Box } from '../geometry/plane';
import { fromCorners, type Rectangle } from '../geometry/rectangle';
import { DrawingTool, isClick } from './drawing-tool';

const SMALLEST = 1;

export function defaultBox({ minX, minY, maxX, maxY }: Box): Rectangle {
  const width = (maxX - minX) / 4;
  const height = (maxY - minY) / 4;
  return { x: (minX + maxX - width) / 2, y: (minY + maxY - height) / 2, width, height, rotation: 0 };
}

/** Tools whose shape is told by a rectangle. */
export abstract class BoxTool extends DrawingTool<Rectangle> {
  protected isTooSmall({ width, height }: Rectangle): boolean {
    return width < SMALLEST || height < SMALLEST;
  }

  protected makeDefault(visible: Box): Rectangle {
    return defaultBox(visible);
  }
}

export abstract class CornersTool extends BoxTool {
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
    if (isClick(start, at)) {
      // A second click on the same place ends what the first began.
      if (this.clicked) this.cancel();
      else this.clicked = true;
      return;
    }
    this.start = null;
    this.clicked = false;
    this.store(fromCorners(this.point(start), this.point(at), this.context.size(), at.shift));
  }

  release(): void {
    if (!this.clicked) this.cancel();
  }

  override cancel(): void {
    this.start = null;
    this.clicked = false;
    super.cancel();
  }
}
