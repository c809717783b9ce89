/** Decodes masks beside the page, so that opening a task with many of them does not hold it up. */
import { decodeTiles, type TileRow } from '../../geometry/raster';

export interface DecodeRequest {
  id: number;
  rle: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
}

export interface DecodeAnswer {
  id: number;
  /** Null when the bytes are no mask of that size. */
  tiles: readonly TileRow[] | null;
}

function decode({ id, rle, width, height }: DecodeRequest): DecodeAnswer {
  try {
    return { id, tiles: decodeTiles(rle, width, height) };
  } catch {
    // The page says it to the person; here there is nobody to tell.
    return { id, tiles: null };
  }
}

self.addEventListener('message', ({ data }: MessageEvent<DecodeRequest>) => {
  const answer = decode(data);
  const pixels = answer.tiles?.map(([, tile]) => tile.buffer) ?? [];
  self.postMessage(answer, { transfer: pixels });
});
