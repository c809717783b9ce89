/** Masks by the bytes they are stored as: decoded once, beside the page, and kept as long as the row is. */

import type { Size } from '../../geometry/plane';
import { encodeRaster, Raster } from '../../geometry/raster';
import type { DecodeAnswer, DecodeRequest } from './decode.worker';

const known = new WeakMap<readonly unknown[], Raster | null>();
const asked = new Map<number, { rle: readonly number[]; size: Size }>();
const waiting = new WeakSet<readonly unknown[]>();
const listeners = new Set<() => void>();
let worker: Worker | null = null;
let lastId = 0;

/** Calls back when masks were decoded. Returns the function that ends it. */
export function onDecoded(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function answered({ id, tiles }: DecodeAnswer): void {
  const request = asked.get(id);
  asked.delete(id);
  if (!request) return;
  const { rle, size } = request;
  known.set(rle, tiles && Raster.fromTiles(size.width, size.height, tiles));
  for (const listener of [...listeners]) listener();
}

function decoder(): Worker {
  if (!worker) {
    worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<DecodeAnswer>) => answered(data));
  }
  return worker;
}

/** The mask of these bytes; undefined until it is decoded, null when they are no mask of an image of that size. */
export function rasterOf(rle: readonly number[], size: Size): Raster | null | undefined {
  const raster = known.get(rle);
  if (raster !== undefined && (raster === null || (raster.width === size.width && raster.height === size.height))) return raster;
  if (waiting.has(rle)) return undefined;
  waiting.add(rle);
  lastId += 1;
  asked.set(lastId, { rle, size });
  const bytes = Uint8Array.from(rle);
  const request: DecodeRequest = { id: lastId, rle: bytes, ...size };
  decoder().postMessage(request, [bytes.buffer]);
  return undefined;
}

/** The bytes of a mask, as a row holds them; the mask is known by them from now on. */
export function rleOf(raster: Raster): number[] {
  const rle = Array.from(encodeRaster(raster));
  known.set(rle, raster);
  return rle;
}
