/** Lowest and highest of any stretch of a long series, at a cost that does not depend on its length. */

const FACTOR = 8;

interface Level {
  /** Values that one entry stands for. */
  readonly block: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

export type Numbers = Float32Array | Float64Array | readonly number[];

export class MinMaxPyramid {
  private readonly levels: Level[] = [];
  readonly low: number;
  readonly high: number;

  /** NaN stands for a missing value and is passed over. */
  constructor(readonly values: Numbers) {
    let below: Level | null = null;
    for (let block = FACTOR; block < values.length; block *= FACTOR) {
      below = below ? this.above(below, block) : this.lowest(block);
      this.levels.push(below);
    }
    [this.low, this.high] = this.range(0, values.length) ?? [0, 0];
  }

  private lowest(block: number): Level {
    const { values } = this;
    const count = Math.ceil(values.length / block);
    const level: Level = { block, low: new Float32Array(count).fill(Number.POSITIVE_INFINITY), high: new Float32Array(count).fill(Number.NEGATIVE_INFINITY) };
    for (let index = 0; index < values.length; index += 1) put(level, (index / block) | 0, values[index] as number, values[index] as number);
    return level;
  }

  private above(below: Level, block: number): Level {
    const count = Math.ceil(below.low.length / FACTOR);
    const level: Level = { block, low: new Float32Array(count).fill(Number.POSITIVE_INFINITY), high: new Float32Array(count).fill(Number.NEGATIVE_INFINITY) };
    for (let index = 0; index < below.low.length; index += 1) put(level, (index / FACTOR) | 0, below.low[index] as number, below.high[index] as number);
    return level;
  }

  /** Lowest and highest of the values from index `from` up to, not including, `to`; null when there is none. */
  range(from: number, to: number): [number, number] | null {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    const end = Math.min(this.values.length, to);
    let at = Math.max(0, from);
    while (at < end) {
      const level = this.widest(at, end);
      if (level) {
        const entry = at / level.block;
        low = Math.min(low, level.low[entry] as number);
        high = Math.max(high, level.high[entry] as number);
        at += level.block;
      } else {
        const value = this.values[at] as number;
        if (value < low) low = value;
        if (value > high) high = value;
        at += 1;
      }
    }
    return low <= high ? [low, high] : null;
  }

  /** The largest whole block that begins here and ends before `end`. */
  private widest(at: number, end: number): Level | null {
    let found: Level | null = null;
    for (const level of this.levels) {
      if (at % level.block !== 0 || at + level.block > end) break;
      found = level;
    }
    return found;
  }
}

function put(level: Level, entry: number, low: number, high: number): void {
  if (low < (level.low[entry] as number)) level.low[entry] = low;
  if (high > (level.high[entry] as number)) level.high[entry] = high;
}
