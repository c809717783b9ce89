/** The series of a task: its times in order, its channels, and as many points of them as a screen can show. */
import { attribute } from '../../core/node';
import { t } from '../../core/text';
import type { TagNode } from '../../core/types';
import type { TimeAxis } from '../../timeline/axis';
import { MinMaxPyramid } from '../../timeline/pyramid';
import { plainNumber, type Table } from './table';
import { formatNumber, formatTime, timeReader } from './time-format';

export interface Series {
  /** In rising order. */
  readonly times: Float64Array;
  channel(column: string): MinMaxPyramid | null;
  readonly names: readonly string[];
  /** A time as results hold it. */
  stored(time: number): number | string;
  /** The time that a result holds. */
  read(stored: unknown): number | null;
  /** A time as people read it, on the axis and in the list of regions. */
  shown(time: number): string;
  /** Whether times are milliseconds rather than numbers of the file. */
  readonly isDate: boolean;
}

/** The series of a table. Throws an `Error` that says what is missing. */
export function makeSeries(node: TagNode, table: Table): Series {
  const timeColumn = node.attributes.timeColumn ?? '';
  const timeFormat = node.attributes.timeFormat ?? '';
  const reads = timeFormat ? timeReader(timeFormat) : plainNumber;
  const raw = timeColumn === '' ? Float64Array.from({ length: table.rows }, (_, row) => row) : table.column(timeColumn, reads);
  if (!raw) throw new Error(t('The data has no column "{column}"; it has {names}.', { column: timeColumn, names: table.names.slice(0, 20).join(', ') }));
  const bad = raw.findIndex(Number.isNaN);
  if (bad >= 0)
    throw new Error(
      timeFormat
        ? t('The time in row {row} is not of the format {format}.', { row: bad + 1, format: timeFormat })
        : t('The time in row {row} is no number; give the set-up a timeFormat.', { row: bad + 1 }),
    );
  if (raw.length === 0) throw new Error(t('The data has no rows.'));
  const order = isRising(raw) ? null : Uint32Array.from(raw.keys()).sort((a, b) => (raw[a] as number) - (raw[b] as number));
  const times = order ? Float64Array.from(order, (row) => raw[row] as number) : raw;
  const channels = new Map<string, MinMaxPyramid | null>();
  const display = node.attributes.timeDisplayFormat ?? '';
  return {
    times,
    names: table.names.filter((name) => name !== timeColumn),
    channel(column) {
      let found = channels.get(column);
      if (found === undefined) {
        const values = table.column(column, plainNumber);
        found = values && new MinMaxPyramid(order ? Float64Array.from(order, (row) => values[row] as number) : values);
        channels.set(column, found);
      }
      return found;
    },
    stored: (time) => (timeFormat ? formatTime(time, timeFormat) : time),
    read(stored) {
      if (typeof stored === 'number') return stored;
      if (typeof stored !== 'string') return null;
      const time = reads(stored);
      return Number.isNaN(time) ? null : time;
    },
    shown(time) {
      if (!timeFormat) return formatNumber(time, display.includes('%') && !/^[,.\d]*%$/.test(display) ? '' : display);
      return formatTime(time, display.includes('%') ? display : timeFormat);
    },
    isDate: timeFormat !== '',
  };
}

function isRising(times: Float64Array): boolean {
  for (let index = 1; index < times.length; index += 1) if ((times[index] as number) < (times[index - 1] as number)) return false;
  return true;
}

/** Index of the first time that is not before `time`. */
export function indexAt(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The time in the data that is nearest. */
export function nearestTime(times: Float64Array, time: number): number {
  const after = indexAt(times, time);
  const [one, other] = [times[Math.max(0, after - 1)] as number, times[Math.min(times.length - 1, after)] as number];
  return time - one <= other - time ? one : other;
}

/** What is drawn of the part on screen: all points while there are few, else lowest and highest of each pixel. */
export function visiblePoints(times: Float64Array, channel: MinMaxPyramid, axis: TimeAxis): [number[], (number | null)[]] {
  const { start, end } = axis.window.peek();
  const width = Math.max(1, Math.round(axis.width.peek()));
  const first = Math.max(0, indexAt(times, start) - 1);
  const last = Math.min(times.length, indexAt(times, end) + 2);
  const xs: number[] = [];
  const ys: (number | null)[] = [];
  const put = (x: number, y: number) => {
    xs.push(x);
    ys.push(Number.isNaN(y) ? null : y);
  };
  if (last - first <= 2 * width) {
    for (let index = first; index < last; index += 1) put(times[index] as number, channel.values[index] as number);
    return [xs, ys];
  }
  let from = first;
  for (let pixel = 0; pixel < width; pixel += 1) {
    const to = pixel === width - 1 ? last : indexAt(times, axis.toTime(pixel + 1));
    const [low, high] = channel.range(from, to) ?? [Number.NaN, Number.NaN];
    const x = axis.toTime(pixel + 0.5);
    put(x, low);
    put(x, high);
    from = Math.max(from, to);
  }
  return [xs, ys];
}

/** `"0,10"` as two numbers. */
export function rangeIn(text: string): [number, number] | null {
  const parts = text.split(',').map((part) => Number.parseFloat(part));
  return parts.length === 2 && parts.every(Number.isFinite) ? (parts as [number, number]) : null;
}

/** How much of the whole is shown first: `25%`, or a number of the time column. */
export function firstWindow(node: TagNode, start: number, end: number): number {
  const width = attribute(node, 'overviewWidth').trim();
  const value = Number.parseFloat(width);
  if (!Number.isFinite(value) || value <= 0) return end - start;
  return width.endsWith('%') ? ((end - start) * Math.min(100, value)) / 100 : Math.min(end - start, value);
}
