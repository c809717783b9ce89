/** Painted masks on the stage. What is shown, hit and moved is the raster; its bytes are made when it is stored. */
import type { Box, Point, Size } from '../../geometry/plane';
import { type Raster, shifted } from '../../geometry/raster';
import type { Matrix } from '../../geometry/viewport';
import { turnedBox } from '../../stage/camera';
import type { ShapeKind } from '../../stage/shape';
import { onDecoded, pictureOf, rasterOf, rleOf } from './masks';
import { paintRaster } from './picture';

export interface Mask {
  /** Null until it is decoded. */
  readonly raster: Raster | null;
  /** Moved by so much, while it is dragged. */
  readonly x: number;
  readonly y: number;
}

const NOWHERE: Box = { minX: 0, minY: 0, maxX: 0, maxY: 0 };

export function boundsOf({ raster, x, y }: Mask): Box {
  const box = raster?.bounds;
  return box ? { minX: box.minX + x, minY: box.minY + y, maxX: box.maxX + x, maxY: box.maxY + y } : NOWHERE;
}

/** The raster as it is after the move. */
export function settled({ raster, x, y }: Mask): Raster | null {
  return raster && (x !== 0 || y !== 0) ? shifted(raster, x, y) : raster;
}

function hit(mask: Mask, at: Point, tolerance: number): boolean {
  const { raster, x, y } = mask;
  if (!raster) return false;
  for (const [dx, dy] of [
    [0, 0],
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
  ] as const) {
    if (raster.at(at.x - x + dx * tolerance, at.y - y + dy * tolerance) > 0) return true;
  }
  return false;
}

function outline(context: CanvasRenderingContext2D, mask: Mask, toScreen: Matrix): void {
  const { minX, minY, maxX, maxY } = turnedBox(toScreen, boundsOf(mask));
  context.setLineDash([6, 4]);
  context.strokeRect(minX - 2, minY - 2, maxX - minX + 4, maxY - minY + 4);
  context.setLineDash([]);
}

/** What all kinds of masks have in common; how they are stored is their own. */
export function maskShape(
  kind: string,
  types: readonly string[],
  codec: { read(value: Readonly<Record<string, unknown>>, size: Size): Raster | null | undefined; write(raster: Raster): Record<string, unknown> },
): ShapeKind<Mask> {
  return {
    kind,
    types,
    lineWidth: 0.5,
    previewFill: 0.6,
    read(value, size) {
      const raster = codec.read(value, size);
      return raster === null ? null : { raster: raster ?? null, x: 0, y: 0 };
    },
    write(mask) {
      const raster = settled(mask);
      return raster ? codec.write(raster) : {};
    },
    bounds: boundsOf,
    area: ({ raster }) => raster?.count ?? 0,
    hit,
    // A press on a mask paints; it is moved in the selecting mode only.
    borderDistance: () => Number.POSITIVE_INFINITY,
    paint(context, mask, toScreen, fill) {
      if (!mask.raster) return;
      if (fill > 0) paintRaster(context, mask.raster, mask.x, mask.y, toScreen, fill);
      else outline(context, mask, toScreen);
    },
    anchor(mask, toScreen) {
      const { minX, minY } = turnedBox(toScreen, boundsOf(mask));
      return { x: minX, y: minY };
    },
    handles: () => [],
    drag: (mask) => mask,
    move: (mask, dx, dy) => ({ ...mask, x: mask.x + Math.round(dx), y: mask.y + Math.round(dy) }),
    stretch: (mask) => mask,
    snap: (mask) => mask,
    measure: () => '',
    onLoaded: onDecoded,
  };
}

export const brushShape = maskShape('mask', ['brush', 'brushlabels', 'magicwand'], {
  // Drafts of Label Studio may hold a picture instead.
  read: ({ rle, maskDataURL }, size) =>
    Array.isArray(rle) ? rasterOf(rle as number[], size) : typeof maskDataURL === 'string' ? pictureOf(maskDataURL, size) : null,
  write: (raster) => ({ format: 'rle', rle: rleOf(raster) }),
});
