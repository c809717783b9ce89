/** Decodes masks beside the page, so that opening a task with many of them does not hold it up. */
import { decodeTiles, type TileRow, tilesOf } from '../../geometry/raster';

export interface DecodeRequest {
  id: number;
  width: number;
  height: number;
  /** Label Studio's run-length encoding… */
  rle?: Uint8Array<ArrayBuffer>;
  /** …or a picture (`data:image/…;base64,…`) whose opaque pixels are the mask. */
  picture?: string;
}

export interface DecodeAnswer {
  id: number;
  /** Null when it is no mask of an image of that size. */
  tiles: readonly TileRow[] | null;
}

async function alphaOf(picture: string, width: number, height: number): Promise<Uint8Array> {
  const [head = '', body = ''] = picture.split(',', 2);
  const bytes = head.endsWith(';base64') ? Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0)) : new TextEncoder().encode(decodeURIComponent(body));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: head.slice(5).split(';')[0] ?? '' }));
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('There is no canvas to decode on.');
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const alpha = new Uint8Array(width * height);
  for (let at = 0; at < alpha.length; at += 1) alpha[at] = data[4 * at + 3] as number;
  return alpha;
}

async function decode({ id, rle, picture, width, height }: DecodeRequest): Promise<DecodeAnswer> {
  try {
    if (rle) return { id, tiles: decodeTiles(rle, width, height) };
    return { id, tiles: tilesOf(await alphaOf(picture ?? '', width, height), width, height) };
  } catch {
    // The page shows the region without a mask; here there is nobody to tell.
    return { id, tiles: null };
  }
}

self.addEventListener('message', async ({ data }: MessageEvent<DecodeRequest>) => {
  const answer = await decode(data);
  const pixels = answer.tiles?.map(([, tile]) => tile.buffer) ?? [];
  self.postMessage(answer, { transfer: pixels });
});
