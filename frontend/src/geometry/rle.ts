/**
 * Label Studio's run-length encoding of painted masks, which is not that of COCO. A stream of bits, highest first: 32 bits for the number of
 * words, 5 for the size of a word less one (words are bytes here), 4 times 4 for the sizes, less one, that lengths of runs may have. A run is
 * a bit that says whether one word is repeated, 2 bits that choose a size, the length less one in that size, and the word, or as many words.
 * The words are the RGBA values of the picture, row by row; the mask is the fourth of each.
 */

const HEADER_BITS = 53;
const SIZES = [3, 4, 8, 16] as const;
const LONGEST = 65_536;

/** Bits, highest first, into bytes that grow as needed. */
class BitWriter {
  private bytes = new Uint8Array(4096);
  private at = 0;
  private held = 0;
  private count = 0;

  /** The lowest `bits` (at most 24) of `value`. */
  put(value: number, bits: number): void {
    this.held = (this.held << bits) | value;
    this.count += bits;
    while (this.count >= 8) {
      this.count -= 8;
      if (this.at === this.bytes.length) this.grow();
      this.bytes[this.at] = (this.held >>> this.count) & 255;
      this.at += 1;
    }
    this.held &= (1 << this.count) - 1;
  }

  private grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }

  finish(): Uint8Array {
    if (this.count > 0) this.put(0, 8 - this.count);
    return this.bytes.slice(0, this.at);
  }
}

/** Writes a mask run by run: all four words of a painted pixel are its value, as Label Studio's SDK has it. */
export class RleWriter {
  private readonly bits = new BitWriter();
  private value = 0;
  private length = 0;

  constructor(pixels: number) {
    const words = pixels * 4;
    this.bits.put(Math.floor(words / 65_536) & 0xffff, 16);
    this.bits.put(words & 0xffff, 16);
    this.bits.put(7, 5);
    for (const size of SIZES) this.bits.put(size - 1, 4);
  }

  /** The next `pixels` pixels have this value (0 to 255). */
  run(value: number, pixels: number): void {
    if (value === this.value) {
      this.length += pixels;
      return;
    }
    this.flush();
    this.value = value;
    this.length = pixels;
  }

  private flush(): void {
    let words = this.length * 4;
    while (words > 0) {
      const length = Math.min(words, LONGEST);
      const choice = length <= 8 ? 0 : length <= 16 ? 1 : length <= 256 ? 2 : 3;
      this.bits.put(4 | choice, 3);
      this.bits.put(length - 1, SIZES[choice] as number);
      this.bits.put(this.value, 8);
      words -= length;
    }
  }

  finish(): Uint8Array {
    this.flush();
    return this.bits.finish();
  }
}

export class MaskRefused extends Error {}

/**
 * The mask, `pixels` bytes, row by row, 0 where nothing is painted. Raises `MaskRefused` when the bytes are no mask of that many pixels.
 */
export function decodeAlpha(rle: Uint8Array, pixels: number): Uint8Array {
  const bits = rle.length * 8;
  if (bits < HEADER_BITS) throw new MaskRefused('The mask is too short.');
  /** Up to 24 bits that begin at any bit; zeros after the end. */
  const read = (at: number, count: number): number => {
    const first = at >> 3;
    const window = (((rle[first] ?? 0) << 24) | ((rle[first + 1] ?? 0) << 16) | ((rle[first + 2] ?? 0) << 8) | (rle[first + 3] ?? 0)) >>> 0;
    return ((window << (at & 7)) >>> 0) >>> (32 - count);
  };
  const words = read(0, 16) * 65_536 + read(16, 16);
  if (words !== pixels * 4) throw new MaskRefused('The mask is of another size than the image.');
  if (read(32, 5) !== 7) throw new MaskRefused('The mask has words that are no bytes.');
  const sizes = [37, 41, 45, 49].map((at) => read(at, 4) + 1);
  const alpha = new Uint8Array(pixels);
  let at = HEADER_BITS;
  let done = 0;
  while (done < words) {
    if (at > bits) throw new MaskRefused('The mask ends too early.');
    const head = read(at, 3);
    const size = sizes[head & 3] as number;
    const end = Math.min(done + read(at + 3, size) + 1, words);
    at += 3 + size;
    if (head & 4) {
      const word = read(at, 8);
      if (word) alpha.fill(word, done >> 2, end >> 2);
      at += 8;
    } else {
      for (let word = done + ((3 - done) & 3); word < end; word += 4) alpha[word >> 2] = read(at + 8 * (word - done), 8);
      at += 8 * (end - done);
    }
    done = end;
  }
  return alpha;
}
