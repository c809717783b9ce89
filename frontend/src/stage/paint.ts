/** How shapes look: quiet on the base layer, marked on the top layer. */
import type { Box, Point, Size } from '../geometry/plane';
import { apply, type Matrix } from '../geometry/viewport';
import { turnedBox } from './camera';
import { captionWidth, paintCaption, prepareCaptions } from './caption';
import type { SceneItem } from './scene';
import type { Handle, ShapeKind } from './shape';

/** Captions are for shapes that are at least this large on screen. */
const CAPTION_FROM = 18;
/** With more shapes than this in sight, a caption must be no wider than its shape, or they would cover each other. */
const CROWD = 40;
const HALO = 'rgb(255 255 255 / 0.9)';
export const HANDLE_SIZE = 9;
const ADD_SIZE = 5;

/** A line that is thinner than 1.5 pixels is hard to see on a photograph. */
const lineWidth = (width: number) => Math.max(0, width) * 1.5;

export function paintShape(context: CanvasRenderingContext2D, item: SceneItem, matrix: Matrix): void {
  context.lineJoin = 'round';
  context.fillStyle = item.fill;
  context.strokeStyle = item.stroke;
  context.lineWidth = lineWidth(item.strokeWidth);
  item.shape.paint(context, item.geometry, matrix, item.fillOpacity);
}

function isReadable(box: Box): boolean {
  const [width, height] = [box.maxX - box.minX, box.maxY - box.minY];
  // What has no size, a point, is seen at any.
  return width >= CAPTION_FROM || height >= CAPTION_FROM || width + height === 0;
}

export function paintCaptions(context: CanvasRenderingContext2D, items: readonly SceneItem[], matrix: Matrix, viewWidth: number): void {
  prepareCaptions(context);
  const isCrowd = items.length > CROWD;
  for (const item of items) {
    if (!item.caption) continue;
    const box = turnedBox(matrix, item.bounds);
    if (!isReadable(box) || (isCrowd && captionWidth(context, item.caption) > box.maxX - box.minX)) continue;
    paintCaption(context, item.caption, item.stroke, item.shape.anchor(item.geometry, matrix), viewWidth);
  }
}

/** The caption of a shape on the top layer, whatever the crowd. */
export function paintOneCaption(context: CanvasRenderingContext2D, item: SceneItem, geometry: unknown, matrix: Matrix, viewWidth: number): void {
  if (!item.caption) return;
  prepareCaptions(context);
  paintCaption(context, item.caption, item.stroke, item.shape.anchor(geometry, matrix), viewWidth);
}

/** A shape that is selected, pointed at or being drawn: a light line under its own, so that it stands out on anything. */
export function paintMarked(
  context: CanvasRenderingContext2D,
  shape: ShapeKind,
  geometry: unknown,
  matrix: Matrix,
  color: string,
  width: number,
  fill: number,
): void {
  context.lineJoin = 'round';
  context.fillStyle = color;
  context.strokeStyle = HALO;
  context.lineWidth = lineWidth(width) + 3.5;
  shape.paint(context, geometry, matrix, 0);
  context.strokeStyle = color;
  context.lineWidth = lineWidth(width) + 1;
  shape.paint(context, geometry, matrix, fill);
}

/** Look of the handles of one region. */
export interface HandleLook {
  readonly stroke: string;
  readonly pointSize: number;
  readonly roundPoints: boolean;
}

export function paintHandles(
  context: CanvasRenderingContext2D,
  handles: readonly Handle[],
  matrix: Matrix,
  { stroke: color, pointSize, roundPoints }: HandleLook,
  { touch, point }: { touch: boolean; point: string | null },
): void {
  const more = touch ? 5 : 0;
  const size = HANDLE_SIZE + more;
  const top = handles.find((handle) => handle.id === 'n') ?? null;
  for (const handle of handles) {
    const at = apply(matrix, handle.at);
    context.fillStyle = '#fff';
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    context.beginPath();
    if (handle.from) {
      const from = apply(matrix, handle.from);
      context.moveTo(from.x, from.y);
      context.lineTo(at.x, at.y);
      context.stroke();
      context.beginPath();
    }
    if (handle.kind === 'rotate') {
      if (top) {
        const from = apply(matrix, top.at);
        context.moveTo(from.x, from.y);
        context.lineTo(at.x, at.y);
        context.stroke();
        context.beginPath();
      }
      context.arc(at.x, at.y, size / 2 + 0.5, 0, 2 * Math.PI);
    } else if (handle.kind === 'add' || handle.kind === 'control') {
      context.arc(at.x, at.y, (ADD_SIZE + more) / 2, 0, 2 * Math.PI);
    } else if (handle.kind === 'point') {
      const wide = pointSize + more + (handle.id === point ? 3 : 0);
      if (handle.id === point) context.fillStyle = color;
      if (roundPoints) context.arc(at.x, at.y, wide / 2, 0, 2 * Math.PI);
      else context.rect(at.x - wide / 2, at.y - wide / 2, wide, wide);
    } else context.roundRect(at.x - size / 2, at.y - size / 2, size, size, 2);
    context.fill();
    if (handle.id === point) context.strokeStyle = '#fff';
    context.stroke();
  }
}

/** The round tip of a brush, seen on anything. */
export function paintTip(context: CanvasRenderingContext2D, at: Point, width: number): void {
  for (const [style, wide] of [
    ['rgb(0 0 0 / 0.6)', 3],
    ['#fff', 1.25],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = wide;
    context.beginPath();
    context.arc(at.x, at.y, Math.max(1, width / 2), 0, 2 * Math.PI);
    context.stroke();
  }
}

/** A rubber band between two points on screen. */
export function paintBand(context: CanvasRenderingContext2D, from: Point, to: Point, color: string): void {
  const [x, y, width, height] = [Math.min(from.x, to.x), Math.min(from.y, to.y), Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
  context.fillStyle = color;
  context.globalAlpha = 0.12;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  context.lineWidth = 1;
  context.strokeStyle = HALO;
  context.strokeRect(x, y, width, height);
  context.setLineDash([4, 4]);
  context.strokeStyle = color;
  context.strokeRect(x, y, width, height);
  context.setLineDash([]);
}

/** Lines through the pointer, dark and light so that they are seen on anything. */
export function paintCrosshair(context: CanvasRenderingContext2D, at: Point, view: Size): void {
  context.lineWidth = 1;
  for (const [style, dash] of [
    ['rgb(255 255 255 / 0.85)', []],
    ['rgb(0 0 0 / 0.75)', [4, 4]],
  ] as const) {
    context.strokeStyle = style;
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(0, Math.round(at.y) + 0.5);
    context.lineTo(view.width, Math.round(at.y) + 0.5);
    context.moveTo(Math.round(at.x) + 0.5, 0);
    context.lineTo(Math.round(at.x) + 0.5, view.height);
    context.stroke();
  }
  context.setLineDash([]);
}

/** A grid of `step` image pixels over the image; none when its cells would be too small to see. */
export function paintGrid(context: CanvasRenderingContext2D, image: Size, matrix: Matrix, step: number, color: string, scale: number): void {
  if (!(step > 0) || step * scale < 4) return;
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  const line = (fromX: number, fromY: number, toX: number, toY: number) => {
    const a = apply(matrix, { x: fromX, y: fromY });
    const b = apply(matrix, { x: toX, y: toY });
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
  };
  for (let x = 0; x <= image.width; x += step) line(x, 0, x, image.height);
  for (let y = 0; y <= image.height; y += step) line(0, y, image.width, y);
  context.stroke();
}
