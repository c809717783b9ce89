/**
 * Draws the stage when something changed, at most once per frame: the image (an element, moved by CSS), the base layer with all shapes,
 * the top layer with what is selected, pointed at, changed or drawn. While panning and zooming an expensive base layer is moved as it is
 * and drawn again when the gesture rests. Drawing that takes longer than a frame has room for goes on in the next frames, unseen, until it is
 * whole; what changed meanwhile is shown on the top layer.
 */
import type { Point, Size } from '../geometry/plane';
import type { Matrix, Viewport } from '../geometry/viewport';
import { toScreenMatrix } from '../geometry/viewport';
import type { Camera } from './camera';
import { CanvasLayer } from './canvas-layer';
import { paintMeasure } from './caption';
import { paintBand, paintCaptions, paintCrosshair, paintGrid, paintHandles, paintMarked, paintOneCaption, paintShape, paintTip } from './paint';
import type { Scene, SceneItem } from './scene';
import type { Handle, ShapeKind } from './shape';

const REST = 120;
/** A base layer that takes longer than this (milliseconds of script) is not drawn in every frame of a gesture. */
const CHEAP = 5;
const MOST_MARKED_CAPTIONS = 40;
/** Milliseconds of script that the base layer may take of one frame. */
const SLICE = 12;
/** A base layer that changes before it is whole, again and again, is drawn in one frame in the end. */
const MOST_RESTARTS = 8;
const MOST_FRESH = 60;

/** What the top layer shows, asked for at each frame. */
export interface TopContents {
  marked: readonly SceneItem[];
  hovered: SceneItem | null;
  live: ReadonlyMap<string, unknown>;
  handled: { item: SceneItem; handles: (geometry: unknown) => readonly Handle[] } | null;
  preview: { shape: ShapeKind; geometry: unknown; color: string } | null;
  /** The tip of a brush, on screen. */
  tip: { at: Point; width: number } | null;
  band: { from: Point; to: Point } | null;
  /** Where the pointer is, when a crosshair is wanted. */
  crosshair: Point | null;
  /** The handle of the corner that keys move. */
  point: string | null;
  touch: boolean;
  captions: boolean;
}

export interface RendererOptions {
  grid: { step: number; color: string } | null;
  /** Colour of what belongs to no label. */
  accent: () => string;
}

/** The base layer while it is being drawn. */
interface Job {
  steps: Iterator<void>;
  matrix: Matrix;
  /** Regions whose change it shows. */
  ids: ReadonlySet<string>;
  cost: number;
  restarts: number;
}

export class Renderer {
  private base: CanvasLayer;
  /** Where the next base layer is drawn. */
  private back: CanvasLayer;
  private job: Job | null = null;
  /** Regions that changed since the base layer was last begun. */
  private changed = new Set<string>();
  private readonly top: CanvasLayer;
  /** Shows a picture that is no plain element, in the view that the stage shows. */
  placePicture: ((viewport: Viewport) => void) | null = null;
  private frame = 0;
  private restTimer = 0;
  private baseStale = true;
  private baseCost = 0;
  private shown: Viewport | null = null;
  private matrix: Matrix | null = null;
  private area: Size = { width: 0, height: 0 };
  /** Ids that the base layer leaves out because they are on the top layer. */
  private lifted: ReadonlySet<string> = new Set();

  constructor(
    private readonly host: HTMLElement,
    private readonly image: HTMLElement,
    private readonly camera: Camera,
    private readonly scene: Scene,
    private readonly contents: () => TopContents,
    private readonly options: RendererOptions,
  ) {
    this.base = new CanvasLayer(host);
    this.back = new CanvasLayer(host);
    this.back.canvas.hidden = true;
    this.top = new CanvasLayer(host);
  }

  resize(area: Size, ratio: number): void {
    this.area = area;
    this.base.resize(area, ratio);
    this.back.resize(area, ratio);
    this.top.resize(area, ratio);
    this.baseStale = true;
    this.paint();
  }

  /** Shapes changed; with `ids` only those. */
  shapesChanged(ids?: ReadonlySet<string>): void {
    for (const id of ids ?? []) this.changed.add(id);
    this.baseStale = true;
    this.request();
  }

  /** Only the top layer, or the view, changed. */
  request(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const viewport = this.camera.viewport.peek();
    if (!viewport) {
      this.image.hidden = true;
      this.base.draw({ a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 }, () => {});
      this.top.draw({ a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 }, () => {});
      this.shown = null;
      this.job = null;
      return;
    }
    const isMoved = viewport !== this.shown;
    if (isMoved || !this.matrix) this.matrix = toScreenMatrix(viewport);
    const { matrix } = this;
    if (isMoved) this.placeImage(viewport, matrix);
    const contents = this.contents();
    this.liftLive(contents.live);
    const turned = this.shown?.rotation !== viewport.rotation;
    if (this.baseStale || (isMoved && (turned || this.baseCost < CHEAP))) this.beginBase(viewport, matrix, contents.captions);
    else if (isMoved) {
      this.job = null;
      this.postpone(matrix);
    }
    if (this.job) this.goOn(this.job);
    this.shown = viewport;
    this.top.draw(matrix, (context) => this.paintTop(context, matrix, viewport, contents));
  }

  private postpone(matrix: Matrix): void {
    this.base.follow(matrix);
    clearTimeout(this.restTimer);
    this.restTimer = window.setTimeout(() => this.shapesChanged(), REST);
  }

  private placeImage(viewport: Viewport, { a, b, c, d, e, f }: Matrix): void {
    if (this.placePicture) {
      this.placePicture(viewport);
      return;
    }
    const { style } = this.image;
    this.image.hidden = false;
    style.width = `${viewport.image.width}px`;
    style.height = `${viewport.image.height}px`;
    style.transform = `matrix(${a}, ${b}, ${c}, ${d}, ${e}, ${f})`;
  }

  private liftLive(live: ReadonlyMap<string, unknown>): void {
    if (live.size === this.lifted.size && [...live.keys()].every((id) => this.lifted.has(id))) return;
    this.lifted = new Set(live.keys());
    this.baseStale = true;
  }

  private beginBase(viewport: Viewport, matrix: Matrix, captions: boolean): void {
    clearTimeout(this.restTimer);
    const restarts = this.job ? this.job.restarts + 1 : 0;
    const context = this.back.begin(matrix);
    if (!context) return;
    this.base.follow(matrix);
    const steps = this.baseSteps(context, viewport, matrix, captions);
    this.job = { steps, matrix, ids: new Set([...(this.job?.ids ?? []), ...this.changed]), cost: 0, restarts };
    this.changed = new Set();
    this.baseStale = false;
    // For those who watch from outside: tests, pictures, measurements.
    this.host.dataset.drawn = 'partly';
  }

  private *baseSteps(context: CanvasRenderingContext2D, viewport: Viewport, matrix: Matrix, captions: boolean): Generator<void> {
    const all = this.scene.within(this.camera.visible());
    const items = this.lifted.size ? all.filter((item) => !this.lifted.has(item.id)) : all;
    const { grid } = this.options;
    if (grid) paintGrid(context, viewport.image, matrix, grid.step, grid.color, viewport.scale);
    // Reading the clock costs as much as a small shape.
    const often = items.length > 500 ? 32 : 1;
    for (const [count, item] of items.entries()) {
      paintShape(context, item, matrix);
      if (count % often === 0) yield;
    }
    if (captions) paintCaptions(context, items, matrix, this.area.width);
  }

  /** Draws as much of the base layer as the frame has room for, and shows it when it is whole. */
  private goOn(job: Job): void {
    const began = performance.now();
    const until = job.restarts > MOST_RESTARTS ? Number.POSITIVE_INFINITY : began + SLICE;
    let isDone = false;
    while (!isDone && performance.now() < until) isDone = job.steps.next().done === true;
    job.cost += performance.now() - began;
    if (!isDone) {
      this.request();
      return;
    }
    [this.base, this.back] = [this.back, this.base];
    this.base.canvas.hidden = false;
    this.back.canvas.hidden = true;
    this.baseCost = job.cost;
    this.job = null;
    this.host.dataset.drawn = 'whole';
  }

  private paintTop(context: CanvasRenderingContext2D, matrix: Matrix, viewport: Viewport, contents: TopContents): void {
    const { hovered, marked, live, handled, preview, band, crosshair } = contents;
    const geometryOf = (item: SceneItem) => live.get(item.id) ?? item.geometry;
    const fresh = this.job && this.job.ids.size <= MOST_FRESH ? this.job.ids : [];
    for (const id of fresh) {
      const item = live.has(id) ? undefined : this.scene.get(id);
      if (item) paintShape(context, item, matrix);
    }
    if (hovered && !marked.includes(hovered)) {
      paintMarked(context, hovered.shape, hovered.geometry, matrix, hovered.stroke, hovered.strokeWidth, hovered.fillOpacity / 2);
      paintOneCaption(context, hovered, hovered.geometry, matrix, this.area.width);
    }
    for (const item of marked) {
      const fill = live.has(item.id) ? item.fillOpacity : 0;
      paintMarked(context, item.shape, geometryOf(item), matrix, item.stroke, item.strokeWidth, fill);
    }
    if (marked.length <= MOST_MARKED_CAPTIONS) for (const item of marked) paintOneCaption(context, item, geometryOf(item), matrix, this.area.width);
    if (handled) paintHandles(context, handled.handles(geometryOf(handled.item)), matrix, handled.item, contents);
    if (preview) paintMarked(context, preview.shape, preview.geometry, matrix, preview.color, preview.shape.lineWidth ?? 1, preview.shape.previewFill ?? 0.15);
    if (contents.tip) paintTip(context, contents.tip.at, contents.tip.width);
    if (band) paintBand(context, this.camera.toScreen(band.from), this.camera.toScreen(band.to), this.options.accent());
    if (crosshair) paintCrosshair(context, crosshair, this.area);
    const measured = preview ?? (live.size === 1 ? this.onlyLive(marked, live) : null);
    if (measured) {
      const words = measured.shape.measure(measured.geometry);
      const box = words && this.camera.screenBox(measured.shape.bounds(measured.geometry));
      if (box) paintMeasure(context, words, { x: box.maxX, y: box.maxY }, viewport.view);
    }
  }

  private onlyLive(marked: readonly SceneItem[], live: ReadonlyMap<string, unknown>): { shape: ShapeKind; geometry: unknown } | null {
    const item = marked.find((candidate) => live.has(candidate.id));
    return item ? { shape: item.shape, geometry: live.get(item.id) } : null;
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.restTimer);
    this.base.canvas.remove();
    this.back.canvas.remove();
    this.top.canvas.remove();
  }
}
