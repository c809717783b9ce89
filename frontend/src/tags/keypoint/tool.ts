/** Placing points: a click, or a press that is dragged to the right place before it is let go. */
import { numeric } from '../../core/node';
import { t } from '../../core/text';
import type { ToolContext, ToolFactory, ToolPointer } from '../../core/tool';
import type { RegionField, ResultRow } from '../../core/types';
import type { Box, Point } from '../../geometry/plane';
import { DrawingTool } from '../../stage/drawing-tool';
import { type KeyPoint, keyPointShape } from './shape';

class KeyPointTool extends DrawingTool<KeyPoint> {
  readonly id = `keypoint:${this.context.control.name}`;
  readonly title = t('Point');
  readonly icon = 'keypoint';
  readonly action = 'tool:keypoint';
  readonly keys = ['k'];
  readonly clicks = true;
  private pressed = false;

  constructor(context: ToolContext) {
    super(context, keyPointShape);
  }

  get busy(): boolean {
    return this.pressed || this.isWaiting;
  }

  /** `strokeWidth` pixels of the screen, as the image is shown now. */
  private made(at: Point): KeyPoint {
    return { ...this.point(at), width: numeric(this.context.control, 'strokeWidth', 2) / this.context.scale() };
  }

  down(at: ToolPointer): void {
    this.pressed = true;
    this.show(this.made(at));
  }

  move(at: ToolPointer): void {
    if (this.pressed) this.show(this.made(at));
  }

  up(at: ToolPointer): void {
    if (!this.pressed) return;
    this.pressed = false;
    this.store(this.made(at));
  }

  protected isTooSmall(): boolean {
    return false;
  }

  protected makeDefault({ minX, minY, maxX, maxY }: Box): KeyPoint {
    return this.made({ x: (minX + maxX) / 2, y: (minY + maxY) / 2 });
  }

  override cancel(): void {
    this.pressed = false;
    super.cancel();
  }
}

const keyPoint: ToolFactory = (context) => new KeyPointTool(context);
export default keyPoint;
export { keyPointShape as shape };

/** "640, 210": where it is in pixels, where the row says how large the image is. */
export function describe(row: ResultRow): string {
  const { original_width: width, original_height: height, value } = row;
  if (typeof width !== 'number' || typeof height !== 'number' || typeof value?.x !== 'number' || typeof value.y !== 'number') return '';
  return `${Math.round((value.x * width) / 100)}, ${Math.round((value.y * height) / 100)}`;
}

export function fields(): readonly RegionField[] {
  const percent = { unit: '%', step: 0.1, digits: 2, min: 0, max: 100 };
  return [
    { key: 'x', title: t('X'), ...percent },
    { key: 'y', title: t('Y'), ...percent },
    { key: 'width', title: t('Size'), unit: '%', step: 0.05, digits: 2, min: 0, max: 10 },
  ];
}
