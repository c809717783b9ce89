/**
 * Masks: one byte per pixel, in tiles. Tiles are shared between versions of a mask until one of them is painted on, so that undo keeps what
 * changed and no more; where nothing is painted there is no tile.
 */
import { type Box, clamp } from './plane';
import { decodeAlpha, RleWriter } from './rle';

export const TILE = 256;
const AREA = TILE * TILE;

/** What is painted in a tile: edges within the tile (both included) and the number of pixels. */
export type TileExtent = readonly [minX: number, minY: number, maxX: number, maxY: number, count: number];

/** A tile as it travels from the worker. */
export type TileRow = readonly [index: number, pixels: Uint8Array<ArrayBuffer>, extent: TileExtent];

const extents = new WeakMap<Uint8Array, TileExtent>();
const revisions = new WeakMap<Uint8Array, number>();

/** Rises when a tile is painted on. */
export const revisionOf = (tile: Uint8Array): number => revisions.get(tile) ?? 0;

export function measureTile(tile: Uint8Array): TileExtent {
  let [minX, minY, maxX, maxY, count] = [TILE, TILE, -1, -1, 0];
  for (let y = 0; y < TILE; y += 1) {
    let [first, last] = [-1, -1];
    for (let at = y * TILE, end = at + TILE; at < end; at += 1) {
      if (tile[at] === 0) continue;
      count += 1;
      if (first < 0) first = at & (TILE - 1);
      last = at & (TILE - 1);
    }
    if (first < 0) continue;
    if (first < minX) minX = first;
    if (last > maxX) maxX = last;
    if (minY === TILE) minY = y;
    maxY = y;
  }
  return [minX, minY, maxX, maxY, count];
}

function extentOf(tile: Uint8Array): TileExtent {
  let known = extents.get(tile);
  if (!known) {
    known = measureTile(tile);
    extents.set(tile, known);
  }
  return known;
}

export class Raster {
  readonly columns: number;
  readonly rows: number;
  private readonly tiles: Map<number, Uint8Array<ArrayBuffer>>;
  /** Tiles that no other version has. */
  private readonly own = new Set<number>();
  private measured: { box: Box | null; count: number } | null = null;

  constructor(
    readonly width: number,
    readonly height: number,
    tiles: Iterable<readonly [number, Uint8Array<ArrayBuffer>]> = [],
    /** The same for all versions of one mask. */
    readonly line: object = {},
  ) {
    this.columns = Math.ceil(width / TILE);
    this.rows = Math.ceil(height / TILE);
    this.tiles = new Map(tiles);
  }

  static fromTiles(width: number, height: number, rows: readonly TileRow[]): Raster {
    for (const [, pixels, extent] of rows) extents.set(pixels, extent);
    return new Raster(
      width,
      height,
      rows.map(([index, pixels]) => [index, pixels] as const),
    );
  }

  /** A version of its own, to paint on; this one stays as it is. */
  fork(): Raster {
    return new Raster(this.width, this.height, this.tiles, this.line);
  }

  tile(index: number): Uint8Array<ArrayBuffer> | undefined {
    return this.tiles.get(index);
  }

  at(x: number, y: number): number {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return 0;
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const tile = this.tiles.get((top >> 8) * this.columns + (left >> 8));
    return tile ? (tile[((top & 255) << 8) | (left & 255)] as number) : 0;
  }

  private writable(index: number): Uint8Array<ArrayBuffer> {
    let tile = this.tiles.get(index);
    if (!tile || !this.own.has(index)) {
      tile = tile ? tile.slice() : new Uint8Array(AREA);
      this.tiles.set(index, tile);
      this.own.add(index);
    }
    return tile;
  }

  /** Puts `value` into the pixels of row `y` from `from` up to `to`, `to` left out; outside the image nothing. */
  fillRow(y: number, from: number, to: number, value: number): void {
    if (y < 0 || y >= this.height) return;
    const last = Math.min(to, this.width);
    let left = Math.max(0, from);
    while (left < last) {
      const column = left >> 8;
      const end = Math.min(last, (column + 1) << 8);
      const index = (y >> 8) * this.columns + column;
      if (value !== 0 || this.tiles.has(index)) {
        const row = (y & 255) << 8;
        const tile = this.writable(index);
        tile.fill(value, row | (left & 255), row + ((end - 1) & 255) + 1);
        extents.delete(tile);
        revisions.set(tile, revisionOf(tile) + 1);
        this.measured = null;
      }
      left = end;
    }
  }

  private measure(): { box: Box | null; count: number } {
    if (this.measured) return this.measured;
    let [minX, minY, maxX, maxY, count] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1, 0];
    for (const [index, tile] of this.tiles) {
      const [left, top, right, bottom, painted] = extentOf(tile);
      if (painted === 0) continue;
      const [x, y] = [(index % this.columns) * TILE, Math.floor(index / this.columns) * TILE];
      minX = Math.min(minX, x + left);
      minY = Math.min(minY, y + top);
      maxX = Math.max(maxX, x + right + 1);
      maxY = Math.max(maxY, y + bottom + 1);
      count += painted;
    }
    this.measured = { box: count > 0 ? { minX, minY, maxX, maxY } : null, count };
    return this.measured;
  }

  /** Around what is painted, by pixel borders; null when nothing is. */
  get bounds(): Box | null {
    return this.measure().box;
  }

  /** Number of painted pixels. */
  get count(): number {
    return this.measure().count;
  }

  /** The whole mask, row by row. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.width * this.height);
    for (const [index, tile] of this.tiles) {
      const [left, top] = [(index % this.columns) * TILE, Math.floor(index / this.columns) * TILE];
      const [across, down] = [Math.min(TILE, this.width - left), Math.min(TILE, this.height - top)];
      for (let y = 0; y < down; y += 1) bytes.set(tile.subarray(y * TILE, y * TILE + across), (top + y) * this.width + left);
    }
    return bytes;
  }
}

/** Tiles of a mask that is given row by row. */
export function tilesOf(bytes: Uint8Array, width: number, height: number): TileRow[] {
  const columns = Math.ceil(width / TILE);
  const made: TileRow[] = [];
  for (let top = 0; top < height; top += TILE) {
    for (let left = 0; left < width; left += TILE) {
      const pixels = new Uint8Array(AREA);
      const [across, down] = [Math.min(TILE, width - left), Math.min(TILE, height - top)];
      for (let y = 0; y < down; y += 1) {
        const from = (top + y) * width + left;
        pixels.set(bytes.subarray(from, from + across), y * TILE);
      }
      const extent = measureTile(pixels);
      if (extent[4] > 0) made.push([(top / TILE) * columns + left / TILE, pixels, extent]);
    }
  }
  return made;
}

/** The tiles of an encoded mask. Raises `MaskRefused`. */
export function decodeTiles(rle: Uint8Array, width: number, height: number): TileRow[] {
  return tilesOf(decodeAlpha(rle, width * height), width, height);
}

/** Where the run of equal bytes that begins at `at` ends: four bytes at a time, as most runs are long. */
function runEnd(bytes: Uint8Array, words: Uint32Array, at: number, end: number): number {
  const value = bytes[at] as number;
  const four = Math.imul(value, 0x01010101) >>> 0;
  let next = at + 1;
  while (next < end && (next & 3) !== 0 && bytes[next] === value) next += 1;
  if ((next & 3) !== 0) return next;
  while (next + 4 <= end && words[next >> 2] === four) next += 4;
  while (next < end && bytes[next] === value) next += 1;
  return next;
}

export function encodeRaster(raster: Raster): Uint8Array {
  const { width, height, columns } = raster;
  const writer = new RleWriter(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = (y & 255) << 8;
    for (let column = 0; column < columns; column += 1) {
      const across = Math.min(TILE, width - column * TILE);
      const tile = raster.tile((y >> 8) * columns + column);
      if (!tile) {
        writer.run(0, across);
        continue;
      }
      const words = new Uint32Array(tile.buffer);
      const end = row + across;
      for (let at = row; at < end; ) {
        const next = runEnd(tile, words, at, end);
        writer.run(tile[at] as number, next - at);
        at = next;
      }
    }
  }
  return writer.finish();
}

/** Another mask of the same size: this one moved by whole pixels; what leaves the image is lost. */
export function shifted(raster: Raster, dx: number, dy: number): Raster {
  const made = new Raster(raster.width, raster.height);
  eachRun(raster, (y, from, to, value) => made.fillRow(y + dy, from + dx, to + dx, value));
  return made;
}

/** Painted runs within tiles: row, first pixel, pixel after the last, value. */
function eachRun(raster: Raster, visit: (y: number, from: number, to: number, value: number) => void): void {
  for (let index = 0; index < raster.columns * raster.rows; index += 1) {
    const tile = raster.tile(index);
    if (!tile) continue;
    const [left, top] = [(index % raster.columns) * TILE, Math.floor(index / raster.columns) * TILE];
    const words = new Uint32Array(tile.buffer);
    for (let y = 0; y < TILE; y += 1) {
      for (let at = y * TILE, end = at + TILE; at < end; ) {
        const value = tile[at] as number;
        const next = runEnd(tile, words, at, end);
        if (value !== 0) visit(top + y, left + (at & 255), left + ((next - 1) & 255) + 1, value);
        at = next;
      }
    }
  }
}

/** Paints (or with 0 erases) what a round tip of these radii touches on its way from one place to the other. Pixels count by their middle. */
export function stroke(raster: Raster, from: { x: number; y: number; radius: number }, to: { x: number; y: number; radius: number }, value: number): void {
  const far = Math.hypot(to.x - from.x, to.y - from.y);
  const steps = Math.max(1, Math.ceil(far / Math.max(0.5, Math.min(from.radius, to.radius) / 4)));
  for (let step = far === 0 ? steps : 0; step <= steps; step += 1) {
    const share = step / steps;
    disc(raster, from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share, from.radius + (to.radius - from.radius) * share, value);
  }
}

function disc(raster: Raster, x: number, y: number, radius: number, value: number): void {
  const reach = Math.max(0.5, radius);
  const top = clamp(Math.ceil(y - reach - 0.5), 0, raster.height);
  const bottom = clamp(Math.floor(y + reach - 0.5), -1, raster.height - 1);
  for (let row = top; row <= bottom; row += 1) {
    const half = Math.sqrt(Math.max(0, reach * reach - (row + 0.5 - y) ** 2));
    raster.fillRow(row, Math.ceil(x - half - 0.5), Math.floor(x + half - 0.5) + 1, value);
  }
}
