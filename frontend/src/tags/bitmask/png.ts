/**
 * Masks as PNG pictures of two colours: nothing, and black. Written here because the browser's own encoder takes half a second for a picture
 * of 12 million pixels; what a mask needs is little: one bit per pixel, and runs.
 */
import { type Raster, TILE } from '../../geometry/raster';

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (CRC[(value ^ byte) & 255] as number) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function adler(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 3800);
    for (; at < end; at += 1) {
      a += bytes[at] as number;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

/** Lengths of runs by their code: first length and extra bits, as RFC 1951 lists them. */
const LENGTHS = (() => {
  const table: { code: number; base: number; extra: number }[] = [];
  let base = 3;
  for (let code = 257; code < 285; code += 1) {
    const extra = code < 265 ? 0 : (code - 261) >> 2;
    table.push({ code, base, extra });
    base += 1 << extra;
  }
  table.push({ code: 285, base: 258, extra: 0 });
  return table;
})();
const LONGEST = 258;
const SHORTEST = 3;
const CODE_OF = Array.from({ length: LONGEST + 1 }, (_, length) => LENGTHS.findLast(({ base }) => base <= length) ?? LENGTHS[0]);

/** A zlib stream of one block with the fixed codes; runs of one byte are all that is looked for. */
function deflated(bytes: Uint8Array): Uint8Array {
  const out: number[] = [0x78, 0x01];
  let [held, count] = [0, 0];
  const bits = (value: number, size: number) => {
    held |= value << count;
    count += size;
    while (count >= 8) {
      out.push(held & 255);
      held >>>= 8;
      count -= 8;
    }
  };
  /** Codes go out highest bit first. */
  const code = (value: number, size: number) => {
    let turned = 0;
    for (let bit = 0; bit < size; bit += 1) turned |= ((value >>> bit) & 1) << (size - 1 - bit);
    bits(turned, size);
  };
  const symbol = (value: number) => {
    if (value < 144) code(0x30 + value, 8);
    else if (value < 256) code(0x190 + value - 144, 9);
    else if (value < 280) code(value - 256, 7);
    else code(0xc0 + value - 280, 8);
  };
  bits(1, 1);
  bits(1, 2);
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] as number;
    symbol(byte);
    let end = at + 1;
    while (end < bytes.length && bytes[end] === byte) end += 1;
    at += 1;
    while (end - at >= SHORTEST) {
      const length = Math.min(LONGEST, end - at);
      const entry = CODE_OF[length];
      if (!entry) break;
      symbol(entry.code);
      bits(length - entry.base, entry.extra);
      code(0, 5);
      at += length;
    }
  }
  symbol(256);
  if (count > 0) bits(0, 8 - count);
  const sum = adler(bytes);
  out.push(sum >>> 24, (sum >>> 16) & 255, (sum >>> 8) & 255, sum & 255);
  return Uint8Array.from(out);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const made = new Uint8Array(data.length + 12);
  const view = new DataView(made.buffer);
  view.setUint32(0, data.length);
  for (let at = 0; at < 4; at += 1) made[4 + at] = type.charCodeAt(at);
  made.set(data, 8);
  view.setUint32(8 + data.length, crc(made.subarray(4, 8 + data.length)));
  return made;
}

/** Rows of bits, each with the filter "difference to the row above" in front: equal rows become zeros. */
function rows(raster: Raster): Uint8Array {
  const { width, height, columns } = raster;
  const length = Math.ceil(width / 8);
  const made = new Uint8Array((length + 1) * height);
  let above = new Uint8Array(length);
  let line = new Uint8Array(length);
  for (let y = 0; y < height; y += 1) {
    line.fill(0);
    for (let column = 0; column < columns; column += 1) {
      const tile = raster.tile((y >> 8) * columns + column);
      if (!tile) continue;
      const across = Math.min(TILE, width - column * TILE);
      const row = (y & 255) << 8;
      for (let x = 0; x < across; x += 1)
        if ((tile[row + x] as number) > 0) line[(column * TILE + x) >> 3] = (line[(column * TILE + x) >> 3] as number) | (128 >> (x & 7));
    }
    const start = y * (length + 1);
    made[start] = 2;
    for (let at = 0; at < length; at += 1) made[start + 1 + at] = (line[at] as number) - (above[at] as number);
    [above, line] = [line, above];
  }
  return made;
}

/** `data:image/png;base64,…`: every pixel of the mask that is not 0 is opaque. */
export function pngOf(raster: Raster): string {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, raster.width);
  view.setUint32(4, raster.height);
  header.set([1, 3, 0, 0, 0], 8);
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.of(0, 0, 0, 0, 0, 0)),
    chunk('tRNS', Uint8Array.of(0, 255)),
    chunk('IDAT', deflated(rows(raster))),
    chunk('IEND', new Uint8Array(0)),
  ];
  let text = '';
  for (const part of parts) for (let at = 0; at < part.length; at += 8192) text += String.fromCharCode(...part.subarray(at, at + 8192));
  return `data:image/png;base64,${btoa(text)}`;
}
