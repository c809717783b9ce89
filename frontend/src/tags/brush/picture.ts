/**
 * Masks as pictures: for each one a canvas of the part that is on screen, no finer than the screen, in the colour of its region. Painting
 * changes only the tiles that were painted on.
 */
import { type Box, clamp } from '../../geometry/plane';
import { type Raster, revisionOf, TILE } from '../../geometry/raster';
import { inverse, type Matrix } from '../../geometry/viewport';
import { turnedBox } from '../../stage/camera';

/** Masks whose picture is at most so many pixels are drawn whole, so that panning finds them ready. */
const WHOLE = 2_000_000;

interface TileRange {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Picture extends TileRange {
  level: number;
  color: string;
  canvas: HTMLCanvasElement;
  /** What each tile on it showed. */
  drawn: Map<number, { tile: Uint8Array | undefined; revision: number }>;
}

const pictures = new WeakMap<object, Picture>();

/** 0xBBGGRR of a colour that a canvas has normalized: `#rrggbb` or `rgba(…)`. */
function packed(color: string): number {
  const parts = color.startsWith('#') ? [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) : (color.match(/[\d.]+/g) ?? []).map(Number);
  return ((parts[2] ?? 0) << 16) | ((parts[1] ?? 0) << 8) | (parts[0] ?? 0);
}

function drawTile(picture: Picture, context: CanvasRenderingContext2D, tile: Uint8Array | undefined, column: number, row: number): void {
  const { level } = picture;
  const side = TILE >> level;
  const [x, y] = [(column - picture.left) * side, (row - picture.top) * side];
  if (!tile) {
    context.clearRect(x, y, side, side);
    return;
  }
  const image = new ImageData(side, side);
  const pixels = new Uint32Array(image.data.buffer);
  const color = packed(picture.color);
  if (level === 0) {
    for (let at = 0; at < pixels.length; at += 1) {
      const alpha = tile[at] as number;
      if (alpha) pixels[at] = (alpha << 24) | color;
    }
  } else {
    // The mean of four samples of the pixels that one pixel stands for: edges stay smooth, thin lines stay visible.
    const step = 1 << level;
    const [near, far] = [step >> 2, (3 * step) >> 2];
    for (let down = 0, at = 0; down < side; down += 1) {
      const upper = (down * step + near) * TILE;
      const lower = (down * step + far) * TILE;
      for (let across = 0; across < side; across += 1, at += 1) {
        const [first, second] = [across * step + near, across * step + far];
        const sum = (tile[upper + first] as number) + (tile[upper + second] as number) + (tile[lower + first] as number) + (tile[lower + second] as number);
        if (sum) pixels[at] = ((sum >> 2) << 24) | color;
      }
    }
  }
  context.putImageData(image, x, y);
}

function needed(raster: Raster, seen: Box, level: number): TileRange | null {
  const box = raster.bounds;
  if (!box) return null;
  const range = (around: Box): TileRange => ({
    left: clamp(Math.floor(around.minX / TILE), 0, raster.columns - 1),
    top: clamp(Math.floor(around.minY / TILE), 0, raster.rows - 1),
    right: clamp(Math.ceil(around.maxX / TILE), 1, raster.columns),
    bottom: clamp(Math.ceil(around.maxY / TILE), 1, raster.rows),
  });
  const whole = range(box);
  const side = TILE >> level;
  if ((whole.right - whole.left) * (whole.bottom - whole.top) * side * side <= WHOLE) return whole;
  const part = {
    minX: Math.max(box.minX, seen.minX),
    minY: Math.max(box.minY, seen.minY),
    maxX: Math.min(box.maxX, seen.maxX),
    maxY: Math.min(box.maxY, seen.maxY),
  };
  return part.minX < part.maxX && part.minY < part.maxY ? range(part) : null;
}

const holds = (outer: TileRange, inner: TileRange) =>
  outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right && outer.bottom >= inner.bottom;

function pictureOf(raster: Raster, range: TileRange, level: number, color: string): Picture {
  let picture = pictures.get(raster.line);
  if (!picture || picture.level !== level || picture.color !== color || !holds(picture, range)) {
    const canvas = document.createElement('canvas');
    canvas.width = (range.right - range.left) * (TILE >> level);
    canvas.height = (range.bottom - range.top) * (TILE >> level);
    picture = { ...range, level, color, canvas, drawn: new Map() };
    pictures.set(raster.line, picture);
  }
  const context = picture.canvas.getContext('2d');
  if (!context) return picture;
  for (let row = picture.top; row < picture.bottom; row += 1) {
    for (let column = picture.left; column < picture.right; column += 1) {
      const index = row * raster.columns + column;
      const tile = raster.tile(index);
      const before = picture.drawn.get(index);
      const revision = tile ? revisionOf(tile) : 0;
      if (before ? before.tile === tile && before.revision === revision : !tile) continue;
      drawTile(picture, context, tile, column, row);
      picture.drawn.set(index, { tile, revision });
    }
  }
  return picture;
}

/** Draws a mask moved by (dx, dy) image pixels in the context's fill colour. */
export function paintRaster(context: CanvasRenderingContext2D, raster: Raster, dx: number, dy: number, toScreen: Matrix, opacity: number): void {
  const ratio = context.getTransform().a || 1;
  const { canvas } = context;
  const scale = Math.hypot(toScreen.a, toScreen.b) * ratio;
  const level = scale >= 1 ? 0 : clamp(Math.floor(Math.log2(1 / scale)), 0, 6);
  const screen = { minX: 0, minY: 0, maxX: canvas.width / ratio, maxY: canvas.height / ratio };
  const seen = turnedBox(inverse(toScreen), screen);
  const range = needed(raster, { minX: seen.minX - dx, minY: seen.minY - dy, maxX: seen.maxX - dx, maxY: seen.maxY - dy }, level);
  if (!range) return;
  const picture = pictureOf(raster, range, level, String(context.fillStyle));
  context.save();
  context.globalAlpha = opacity;
  context.imageSmoothingEnabled = scale < 2;
  context.transform(toScreen.a, toScreen.b, toScreen.c, toScreen.d, toScreen.e, toScreen.f);
  const [across, down] = [(picture.right - picture.left) * TILE, (picture.bottom - picture.top) * TILE];
  context.drawImage(picture.canvas, picture.left * TILE + dx, picture.top * TILE + dy, across, down);
  context.restore();
}
