/** Masks by what they are stored as: decoded once, beside the page, and kept as long as the row is. */
import type { Size } from '../../geometry/plane';
import { encodeRaster, Raster } from '../../geometry/raster';
import type { DecodeAnswer, DecodeRequest } from './decode.worker';

/** Null: it is no mask of an image of that size. */
type Known = Raster | null;

const byBytes = new WeakMap<readonly unknown[], Known>();
/** By the text of the picture; the oldest go when there are many. */
const byPicture = new Map<string, Known>();
const MOST_PICTURES = 200;

const asked = new Map<number, { key: readonly number[] | string; size: Size }>();
const waiting = new Set<readonly number[] | string>();
const listeners = new Set<() => void>();
let worker: Worker | null = null;
let lastId = 0;

/** Calls back when masks were decoded. Returns the function that ends it. */
export function onDecoded(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** From now on the picture of this text is known to be this mask. */
export function rememberPicture(picture: string, raster: Known): void {
  byPicture.delete(picture);
  byPicture.set(picture, raster);
  const [oldest] = byPicture.keys();
  if (byPicture.size > MOST_PICTURES && oldest !== undefined) byPicture.delete(oldest);
}

function answered({ id, tiles }: DecodeAnswer): void {
  const request = asked.get(id);
  asked.delete(id);
  if (!request) return;
  const { key, size } = request;
  waiting.delete(key);
  const raster = tiles && Raster.fromTiles(size.width, size.height, tiles);
  if (typeof key === 'string') rememberPicture(key, raster);
  else byBytes.set(key, raster);
  for (const listener of [...listeners]) listener();
}

function ask(key: readonly number[] | string, size: Size): undefined {
  if (waiting.has(key)) return;
  waiting.add(key);
  lastId += 1;
  asked.set(lastId, { key, size });
  if (!worker) {
    worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<DecodeAnswer>) => answered(data));
  }
  const { width, height } = size;
  const request: DecodeRequest = { id: lastId, width, height, ...(typeof key === 'string' ? { picture: key } : { rle: Uint8Array.from(key) }) };
  worker.postMessage(request, request.rle ? [request.rle.buffer] : []);
}

const fits = (raster: Known, { width, height }: Size) => raster === null || (raster.width === width && raster.height === height);

/** The mask of these bytes; undefined until it is decoded, null when they are no mask of an image of that size. */
export function rasterOf(rle: readonly number[], size: Size): Known | undefined {
  const raster = byBytes.get(rle);
  return raster !== undefined && fits(raster, size) ? raster : ask(rle, size);
}

/** The mask of a picture; see `rasterOf`. */
export function pictureOf(picture: string, size: Size): Known | undefined {
  const raster = byPicture.get(picture);
  return raster !== undefined && fits(raster, size) ? raster : ask(picture, size);
}

/** The bytes of a mask, as a row holds them; the mask is known by them from now on. */
export function rleOf(raster: Raster): number[] {
  const rle = Array.from(encodeRaster(raster));
  byBytes.set(rle, raster);
  return rle;
}
