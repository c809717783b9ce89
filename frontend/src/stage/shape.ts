/**
 * What the stage knows about a kind of shape. A control's `tool.ts` exports one beside its tool factory;
 * geometry is in image pixels, opaque to the stage.
 */
import type { Signal } from '@preact/signals-core';
import type { Box, Point, Size } from '../geometry/plane';
import type { Matrix } from '../geometry/viewport';

export interface Handle {
  readonly id: string;
  /** In image pixels. */
  readonly at: Point;
  /** `point`: a corner of a path, which can be chosen and taken away. `add`: the middle of an edge, where a drag or click puts a new one. */
  readonly kind: 'corner' | 'edge' | 'rotate' | 'point' | 'add' | 'control';
  /** Which way it pulls, in degrees clockwise from the x axis of the image: chooses the cursor. */
  readonly angle: number;
  /** What a control point belongs to. */
  readonly from?: Point;
}

export interface HandleOptions {
  /** Screen pixels per image pixel. */
  scale: number;
  canRotate: boolean;
  /** Fingers need more room between handles. */
  touch: boolean;
}

export interface DragOptions {
  size: Size;
  /** Where the drag began. */
  start: Point;
  /** Keep width to height; whole steps of rotation. */
  constrain: boolean;
  fromCenter: boolean;
  /** To whole image pixels. */
  snap: boolean;
}

/** Methods, not properties, so that a kind of one geometry can stand among all kinds. */
export interface ShapeKind<G = unknown> {
  /** `ToolPreview.kind` and the name among kinds: `rectangle`. */
  readonly kind: string;
  /** `type`s of rows that hold this shape. */
  readonly types: readonly string[];
  /** From a row's value; null when it does not hold the shape. */
  read(value: Readonly<Record<string, unknown>>, size: Size): G | null;
  /** The keys of a row's value that are to change, in percent; with `before` only those that differ from it. */
  write(geometry: G, size: Size, before?: G): Record<string, unknown>;
  bounds(geometry: G): Box;
  area(geometry: G): number;
  /** Whether a point is inside or at most `tolerance` image pixels off the border. */
  hit(geometry: G, at: Point, tolerance: number): boolean;
  /** Distance to the outline in image pixels. */
  borderDistance(geometry: G, at: Point): number;
  /** Fills and strokes with the styles that are set; `fill` is its opacity, 0 for none. */
  paint(context: CanvasRenderingContext2D, geometry: G, toScreen: Matrix, fill: number): void;
  /** Where on screen its caption stands: the corner that is furthest up and left. */
  anchor(geometry: G, toScreen: Matrix): Point;
  handles(geometry: G, options: HandleOptions): readonly Handle[];
  /** The geometry after `handle` of `geometry` (as it was when the drag began) was dragged to `at`. */
  drag(geometry: G, handle: string, at: Point, options: DragOptions): G;
  /** Moved by whole (dx, dy); the stage has limited them to the image. */
  move(geometry: G, dx: number, dy: number): G;
  /** Grown or shrunk by keys. */
  stretch(geometry: G, dWidth: number, dHeight: number, size: Size): G;
  /** To whole image pixels. */
  snap(geometry: G, size: Size): G;
  /** A word about its size, shown while it changes: "120 × 40". */
  measure(geometry: G): string;
  /** Width of its line, where the control's `strokeWidth` means something else. */
  readonly lineWidth?: number;
  /** How opaque it is while it is drawn. */
  readonly previewFill?: number;
  /** For shapes that are read beside the page: calls back when some have come. Returns the function that ends it. */
  onLoaded?(listener: () => void): () => void;
  /** The handle of the edge that a point is nearest to, for shapes whose edges take new points. */
  edgeAt?(geometry: G, at: Point): string;
  /** With a new point on the edge of an `add` handle, and the handle of that point. */
  insert?(geometry: G, handle: string, at: Point): { geometry: G; handle: string };
  /** Without the point of that handle; null when the shape has no points to spare. */
  remove?(geometry: G, handle: string): G | null;
  /** With the corner of that handle made a curve, or a corner again. */
  toggleCurve?(geometry: G, handle: string): G;
}

declare module '../core/tool' {
  interface ToolModule {
    /** The shape that the control's rows hold. */
    shape?: ShapeKind;

    /** Further tools of the same control. */
    more?: readonly ToolFactory[];
  }

  interface Tool {
    /** Draws one of default size in the middle of `visible` (image pixels), for those who use no pointer. */
    addDefault?(visible: { minX: number; minY: number; maxX: number; maxY: number }): void;
    /** Active labels changed: something drawn may wait for them. */
    labelsChanged?(): void;
    /** Keys that choose the tool. */
    readonly keys?: readonly string[];
    /** Whether a press belongs to the tool whatever lies there; `ready` when it may begin a region. */
    takes?(at: ToolPointer, ready: boolean): boolean;
    /** Geometry of regions that the tool is changing. */
    readonly live?: ReadonlyMap<string, unknown> | null;
    /** Width of a round tip in screen pixels, up to `widest`. */
    readonly width?: Signal<number>;
    readonly widest?: number;
    /** Clicks draw, also inside other regions. */
    readonly clicks?: boolean;
    /** Ends what is drawn by clicks and keeps it. Answers whether there was enough of it. */
    finish?(): boolean;
    /** Escape ends what is drawn and keeps it. */
    readonly keepsOnEscape?: boolean;
    /** Takes back the last click of what is half drawn. */
    stepBack?(): void;
    /** The press came to nothing, as a second finger came: forget it, keep what was drawn before. */
    release?(): void;
  }
}
