/** Masks by one press: what is of about the colour under it. Dragging right or down takes more, left or up less. */
import { numeric } from '../../core/node';
import { t } from '../../core/text';
import type { ToolContext, ToolFactory, ToolPointer } from '../../core/tool';
import { floodFill, type Pixels, smoothed } from '../../geometry/fill';
import { type Box, clamp, type Point } from '../../geometry/plane';
import { Raster } from '../../geometry/raster';
import { DrawingTool } from '../../stage/drawing-tool';
import { brushShape, type Mask } from '../brush/shape';

/** Larger pictures are looked at smaller, so that the mask follows the pointer. */
const MOST_PIXELS = 1_500_000;
/** Screen pixels of a drag that change the threshold by one. */
const PER_STEP = 3;

class WandTool extends DrawingTool<Mask> {
  readonly id = `magicwand:${this.context.control.name}`;
  readonly title = t('Magic wand');
  readonly icon = 'wand';
  readonly action = 'tool:magicwand';
  readonly keys = ['w'];
  private pressed: ToolPointer | null = null;
  /** The picture of the task, as it was read last. */
  private read: { source: CanvasImageSource; address: string; pixels: Pixels; scale: number } | null = null;

  constructor(context: ToolContext) {
    super(context, brushShape);
  }

  get busy(): boolean {
    return this.pressed !== null || this.isWaiting;
  }

  takes(_at: ToolPointer, ready: boolean): boolean {
    return ready;
  }

  /** Says why when the browser does not let the picture be read. */
  private look(): { pixels: Pixels; scale: number } | null {
    const picture = this.context.picture?.();
    const { width, height } = this.context.size();
    if (!picture || width === 0) return null;
    if (this.read?.source === picture && this.read.address === picture.currentSrc) return this.read;
    const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const drawing = canvas.getContext('2d', { willReadFrequently: true });
    if (!drawing) return null;
    try {
      drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const pixels = drawing.getImageData(0, 0, canvas.width, canvas.height);
      this.read = { source: picture, address: picture.currentSrc, pixels, scale };
      return this.read;
    } catch {
      const words = t('The magic wand may not read this picture: its host must allow it (CORS), and the Image tag needs crossOrigin="anonymous".');
      this.context.editor.say(words, 'problem');
      return null;
    }
  }

  private taken(at: Point, threshold: number): Mask | null {
    const found = this.look();
    if (!found) return null;
    const { pixels, scale } = found;
    const { width, height } = this.context.size();
    const [x, y] = [clamp(Math.floor(at.x * scale), 0, pixels.width - 1), clamp(Math.floor(at.y * scale), 0, pixels.height - 1)];
    const radius = Math.round(numeric(this.context.control, 'blurRadius', 5) * scale);
    const mask = smoothed(floodFill(pixels, x, y, threshold), pixels.width, pixels.height, radius);
    const raster = new Raster(width, height);
    for (let row = 0; row < height; row += 1) {
      const line = Math.min(pixels.height - 1, Math.floor(((row + 0.5) * pixels.height) / height)) * pixels.width;
      for (let from = 0; from < pixels.width; ) {
        if (mask[line + from] === 0) {
          from += 1;
          continue;
        }
        let to = from + 1;
        while (to < pixels.width && mask[line + to] !== 0) to += 1;
        raster.fillRow(row, Math.round((from * width) / pixels.width), Math.round((to * width) / pixels.width), 255);
        from = to;
      }
    }
    return { raster, x: 0, y: 0 };
  }

  private threshold(at: ToolPointer): number {
    const start = this.pressed ?? at;
    const more = (at.screenX - start.screenX + at.screenY - start.screenY) / PER_STEP;
    return clamp(Math.round(numeric(this.context.control, 'defaultThreshold', 15) + more), 0, 255);
  }

  down(at: ToolPointer): void {
    this.pressed = at;
    this.show(this.taken(at, this.threshold(at)));
  }

  move(at: ToolPointer): void {
    if (this.pressed) this.show(this.taken(this.pressed, this.threshold(at)));
  }

  up(): void {
    const mask = this.shown;
    this.pressed = null;
    if (mask) this.store(mask);
  }

  protected isTooSmall({ raster }: Mask): boolean {
    return !raster || raster.count === 0;
  }

  protected makeDefault({ minX, minY, maxX, maxY }: Box): Mask {
    const { width, height } = this.context.size();
    const middle = { x: (minX + maxX) / 2, y: (minY + maxY) / 2 };
    return this.taken(middle, numeric(this.context.control, 'defaultThreshold', 15)) ?? { raster: new Raster(width, height), x: 0, y: 0 };
  }

  override cancel(): void {
    this.pressed = null;
    super.cancel();
  }
}

const wand: ToolFactory = (context) => new WandTool(context);
export default wand;
export { describe, more } from '../brush/tool';
export { brushShape as shape };
