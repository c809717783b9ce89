/**
 * Painting masks. A stroke goes on with the mask that is selected, or begins one; the eraser takes away from the selected mask, or from
 * the one under it. The tip is as wide on the screen at any zoom; a pen's pressure makes it narrower.
 */
import { type Signal, signal } from '@preact/signals-core';
import { numeric } from '../../core/node';
import { t } from '../../core/text';
import type { ToolContext, ToolFactory, ToolPointer } from '../../core/tool';
import type { Region, ResultRow } from '../../core/types';
import { type Box, clamp } from '../../geometry/plane';
import { Raster, stroke } from '../../geometry/raster';
import { DrawingTool } from '../../stage/drawing-tool';
import type { ShapeKind } from '../../stage/shape';
import { brushShape, type Mask } from './shape';

export const SMALLEST = 1;
export const LARGEST = 150;
/** How much of the width the lightest touch of a pen leaves. */
const LIGHTEST = 0.25;

/** Widths of the tip in screen pixels, by control: brush and eraser share one. */
const widths = new Map<string, Signal<number>>();

function widthOf(context: ToolContext): Signal<number> {
  const { name } = context.control;
  let width = widths.get(name);
  if (!width) {
    width = signal(clamp(numeric(context.control, 'strokeWidth', 15), SMALLEST, LARGEST));
    widths.set(name, width);
  }
  return width;
}

let strokes = 0;

export abstract class PaintTool extends DrawingTool<Mask> {
  abstract readonly erases: boolean;
  readonly widest = LARGEST;
  readonly width = widthOf(this.context);
  /** The region that the stroke goes on with; null for a new one. */
  private target: Region | null = null;
  private raster: Raster | null = null;
  private last: { x: number; y: number; radius: number } | null = null;

  get busy(): boolean {
    return this.raster !== null || this.isWaiting;
  }

  /** The tip, in image pixels. */
  private tip(at: ToolPointer): { x: number; y: number; radius: number } {
    const force = at.pointerType === 'pen' && at.pressure !== undefined ? LIGHTEST + (1 - LIGHTEST) * at.pressure : 1;
    return { x: at.x, y: at.y, radius: Math.max(0.5, (this.width.peek() * force) / 2 / this.context.scale()) };
  }

  private isMine(region: Region | undefined): region is Region {
    const { editor, object } = this.context;
    return region !== undefined && region.object === object.name && this.shape.types.includes(region.main.type) && editor.canEdit(region.id);
  }

  /** The one selected mask that can be painted on. */
  private get selected(): Region | null {
    const [id, ...others] = this.context.editor.selection.peek();
    const region = id === undefined || others.length > 0 ? undefined : this.context.editor.regions.get(id);
    return this.isMine(region) ? region : null;
  }

  private geometry(region: Region): Mask | null {
    return region.main.value ? this.shape.read(region.main.value, this.context.size()) : null;
  }

  /** The uppermost mask under a point. */
  private under(at: ToolPointer): Region | null {
    const { editor, object } = this.context;
    const page = this.context.rowExtra().item_index ?? 0;
    const regions = editor.regions.list(object.name).filter((region) => (region.item ?? 0) === page && !editor.isHidden(region.id) && this.isMine(region));
    return (
      regions.findLast((region) => {
        const mask = this.geometry(region);
        return mask !== null && this.shape.hit(mask, at, 0);
      }) ?? null
    );
  }

  takes(at: ToolPointer, ready: boolean): boolean {
    return this.selected !== null || (this.erases ? this.under(at) !== null : ready);
  }

  down(at: ToolPointer): void {
    const { editor } = this.context;
    const { width, height } = this.context.size();
    this.target = this.selected ?? (this.erases ? this.under(at) : null);
    const mask = this.target && this.geometry(this.target);
    // A mask that is still being decoded cannot be painted on yet.
    if (this.target && !mask?.raster) return;
    if (this.target) editor.select([this.target.id]);
    if (!this.target && this.erases) return;
    this.raster = mask?.raster?.fork() ?? new Raster(width, height);
    this.last = this.tip(at);
    this.paint(at);
  }

  private paint(at: ToolPointer): void {
    if (!this.raster || !this.last) return;
    const tip = this.tip(at);
    stroke(this.raster, this.last, tip, this.erases ? 0 : 255);
    this.last = tip;
    const mask = { raster: this.raster, x: 0, y: 0 };
    if (this.target) this.context.invalidate();
    else this.show(mask);
  }

  move(at: ToolPointer): void {
    this.paint(at);
  }

  /** What the stroke makes of the region it goes on with. */
  get live(): ReadonlyMap<string, Mask> | null {
    return this.target && this.raster ? new Map([[this.target.id, { raster: this.raster, x: 0, y: 0 }]]) : null;
  }

  up(at: ToolPointer): void {
    this.paint(at);
    const { raster, target } = this;
    this.forget();
    if (!raster) return;
    const { editor } = this.context;
    const mask = { raster, x: 0, y: 0 };
    if (!target) {
      const id = this.store(mask);
      // The next stroke goes on with it.
      if (id !== null) editor.select([id]);
      return;
    }
    strokes += 1;
    if (raster.count === 0) editor.deleteRegions([target.id]);
    else editor.updateRegion(target.id, this.shape.write(mask, this.context.size()), { label: this.title, merge: `stroke:${strokes}` });
    this.context.invalidate();
  }

  private forget(): void {
    this.raster = null;
    this.target = null;
    this.last = null;
  }

  protected isTooSmall({ raster }: Mask): boolean {
    return !raster || raster.count === 0;
  }

  protected makeDefault({ minX, minY, maxX, maxY }: Box): Mask {
    const { width, height } = this.context.size();
    const raster = new Raster(width, height);
    const tip = { x: (minX + maxX) / 2, y: (minY + maxY) / 2, radius: this.width.peek() / 2 / this.context.scale() };
    stroke(raster, tip, tip, 255);
    return { raster, x: 0, y: 0 };
  }

  override cancel(): void {
    this.forget();
    super.cancel();
  }
}

class BrushTool extends PaintTool {
  readonly id = `brush:${this.context.control.name}`;
  readonly title = t('Brush');
  readonly icon = 'brush';
  readonly action = 'tool:brush';
  readonly keys = ['b'];
  readonly erases = false;
}

class EraserTool extends PaintTool {
  readonly id = `eraser:${this.context.control.name}`;
  readonly title = t('Eraser');
  readonly icon = 'eraser';
  readonly action = 'tool:eraser';
  readonly keys = ['e'];
  readonly erases = true;

  override addDefault(): void {}
}

export const brushFor =
  (shape: ShapeKind<Mask>): ToolFactory =>
  (context) =>
    new BrushTool(context, shape);
export const eraserFor =
  (shape: ShapeKind<Mask>): ToolFactory =>
  (context) =>
    new EraserTool(context, shape);

export default brushFor(brushShape);
export const more: readonly ToolFactory[] = [eraserFor(brushShape)];
export { brushShape as shape };

/** "2.5 % of the image": a number of pixels says little to people. */
export function areaWords(count: number, pixels: number): string {
  return t('{share} % of the image', { share: ((100 * count) / pixels).toFixed(1) });
}

/** How much is painted, once that is known. */
export function describe(row: ResultRow): string {
  const { original_width: width, original_height: height, value } = row;
  if (typeof width !== 'number' || typeof height !== 'number' || !value) return '';
  const count = brushShape.read(value, { width, height })?.raster?.count;
  return count === undefined ? '' : areaWords(count, width * height);
}
