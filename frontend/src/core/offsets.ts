/**
 * Unicode code points (what results store) to UTF-16 units (what the browser counts) and back.
 * Positions inside a surrogate pair round down to its start.
 */
export class OffsetIndex {
  /** UTF-16 positions of the first unit of each surrogate pair, rising. Empty for most texts: then both counts agree. */
  private readonly astral: Uint32Array;
  readonly codePoints: number;

  constructor(readonly text: string) {
    const found: number[] = [];
    for (let i = 0; i + 1 < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit < 0xd800 || unit > 0xdbff) continue;
      const next = text.charCodeAt(i + 1);
      if (next < 0xdc00 || next > 0xdfff) continue;
      found.push(i);
      i += 1;
    }
    this.astral = Uint32Array.from(found);
    this.codePoints = text.length - found.length;
  }

  /** UTF-16 position to code points; clamped to the text. */
  toCodePoints(units: number): number {
    const at = Math.min(Math.max(units, 0), this.text.length);
    // The k-th pair (from 0) starts at astral[k]; each pair that starts before `at` shortens the count by one.
    let low = 0;
    let high = this.astral.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.astral[middle] as number) < at) low = middle + 1;
      else high = middle;
    }
    return at - low;
  }

  /** Code points to UTF-16 position; clamped to the text. */
  toUnits(codePoints: number): number {
    const at = Math.min(Math.max(codePoints, 0), this.codePoints);
    // In code points the k-th pair stands at astral[k] - k.
    let low = 0;
    let high = this.astral.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.astral[middle] as number) - middle < at) low = middle + 1;
      else high = middle;
    }
    return at + low;
  }

  /** The text between two code point positions. */
  slice(start: number, end: number): string {
    return this.text.slice(this.toUnits(start), this.toUnits(end));
  }
}
