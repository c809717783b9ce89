/** What a magic wand takes: the pixels around one that are of about its colour, with a smoothed edge. */

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row. */
  readonly data: Uint8ClampedArray;
}

/** 1 for every pixel that is joined to (x, y) by pixels of which no channel differs from it by more than `threshold`. */
export function floodFill({ width, height, data }: Pixels, x: number, y: number, threshold: number): Uint8Array {
  const filled = new Uint8Array(width * height);
  const seed = (y * width + x) * 4;
  const [red, green, blue] = [data[seed] as number, data[seed + 1] as number, data[seed + 2] as number];
  const fits = (at: number): boolean => {
    const byte = at * 4;
    return (
      filled[at] === 0 &&
      Math.abs((data[byte] as number) - red) <= threshold &&
      Math.abs((data[byte + 1] as number) - green) <= threshold &&
      Math.abs((data[byte + 2] as number) - blue) <= threshold
    );
  };
  const seeds = [y * width + x];
  for (let at = seeds.pop(); at !== undefined; at = seeds.pop()) {
    if (!fits(at)) continue;
    const row = Math.floor(at / width) * width;
    let [left, right] = [at, at];
    while (left > row && fits(left - 1)) left -= 1;
    while (right < row + width - 1 && fits(right + 1)) right += 1;
    filled.fill(1, left, right + 1);
    for (const next of [row - width, row + width]) {
      if (next < 0 || next >= filled.length) continue;
      let wasFit = false;
      for (let place = left - row + next; place <= right - row + next; place += 1) {
        const isFit = fits(place);
        if (isFit && !wasFit) seeds.push(place);
        wasFit = isFit;
      }
    }
  }
  return filled;
}

/** The mask with its edge smoothed: a pixel is in where at least half of those within `radius` are. */
export function smoothed(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  if (radius < 1) return mask;
  const sums = new Uint16Array(mask.length);
  for (let y = 0; y < height; y += 1)
    slide(
      width,
      radius,
      (x) => mask[y * width + x] as number,
      (x, sum) => (sums[y * width + x] = sum),
    );
  const result = new Uint8Array(mask.length);
  for (let x = 0; x < width; x += 1) {
    const across = Math.min(x, radius) + Math.min(width - 1 - x, radius) + 1;
    slide(
      height,
      radius,
      (y) => sums[y * width + x] as number,
      (y, sum) => {
        const down = Math.min(y, radius) + Math.min(height - 1 - y, radius) + 1;
        result[y * width + x] = sum * 2 >= across * down ? 1 : 0;
      },
    );
  }
  return result;
}

/** Sums of windows of `radius` around each place. */
function slide(length: number, radius: number, read: (at: number) => number, put: (at: number, sum: number) => void): void {
  let sum = 0;
  for (let at = 0; at < Math.min(radius, length); at += 1) sum += read(at);
  for (let at = 0; at < length; at += 1) {
    if (at + radius < length) sum += read(at + radius);
    if (at - radius - 1 >= 0) sum -= read(at - radius - 1);
    put(at, sum);
  }
}
