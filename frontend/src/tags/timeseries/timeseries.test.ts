import { describe, expect, it } from 'vitest';
import { editorOf } from '../../core/testing';
import { TimeAxis } from '../../timeline/axis';
import { makeSeries, nearestTime, visiblePoints } from './series';
import { csvTable, jsonTable, textTable } from './table';
import tag from './tag';
import { formatNumber, formatTime, timeReader } from './time-format';

function node(attributes: string, data: unknown = {}) {
  return editorOf(`<View><TimeSeries name="ts" value="$ts" ${attributes}><Channel column="a"/></TimeSeries></View>`, { ts: data }).nodes.get('ts') as never;
}

describe('times', () => {
  it.each([
    ['%Y-%m-%d', '2026-01-02'],
    ['%Y-%m-%d %H:%M:%S.%f', '2026-01-02 03:04:05.006000'],
    ['%d/%b/%y %I:%M %p', '02/Jan/26 03:04 PM'],
    ['%d %B %Y, %T', '12 March 1999, 23:59:58'],
    ['%s', '1750000000'],
    ['%Y-%m-%dT%H:%M:%S.%LZ', '2026-01-02T03:04:05.006Z'],
  ])('of %s are read and written alike', (format, text) => {
    const time = timeReader(format)(text);
    expect(formatTime(time, format)).toBe(text);
  });

  it('keep their zone in mind', () => {
    expect(timeReader('%Y-%m-%dT%H:%M:%S%z')('2026-01-02T03:00:00+02:00')).toBe(Date.UTC(2026, 0, 2, 1));
    expect(timeReader('%Y-%m-%d')('yesterday')).toBeNaN();
  });
});

describe('numbers', () => {
  it('are written as d3 writes them', () => {
    expect([formatNumber(1234.5, ',.0f'), formatNumber(0.256, '.1%'), formatNumber(1234.5, '.2f'), formatNumber(0.1 + 0.2, '')]).toEqual([
      '1,235',
      '25.6%',
      '1234.50',
      '0.3',
    ]);
  });
});

describe('tables', () => {
  it('come from CSV with names, without, with quotes and other separators', () => {
    const named = csvTable('time,"a, b",c\n1,"2",3\n4,5,\n', ',');
    expect(named.names).toEqual(['time', 'a, b', 'c']);
    expect([...(named.column('a, b', Number) ?? [])]).toEqual([2, 5]);
    expect(named.column('missing', Number)).toBeNull();
    const bare = csvTable('1;2\r\n3;4', ';');
    expect([...(bare.column('1', Number) ?? [])]).toEqual([2, 4]);
    expect(csvTable('a\tb\n1\t2', '\\t').names).toEqual(['a', 'b']);
  });

  it('come from JSON by columns and by rows', () => {
    expect([...(jsonTable({ a: [1, null, 3] })?.column('a', Number) ?? [])]).toEqual([1, Number.NaN, 3]);
    expect([...(jsonTable([{ a: 1 }, { a: 2 }])?.column('a', Number) ?? [])]).toEqual([1, 2]);
    expect(textTable('{"a": [7]}', ',')?.rows).toBe(1);
  });
});

describe('a series', () => {
  it('puts its times in order, and values with them', () => {
    const series = makeSeries(node('timeColumn="t"'), csvTable('t,a\n3,30\n1,10\n2,20', ','));
    expect([...series.times]).toEqual([1, 2, 3]);
    expect([...(series.channel('a')?.values ?? [])]).toEqual([10, 20, 30]);
    expect(nearestTime(series.times, 2.4)).toBe(2);
  });

  it('stores times in the format of the file', () => {
    const series = makeSeries(node('timeColumn="t" timeFormat="%Y-%m-%d"'), csvTable('t,a\n2026-01-01,1\n2026-01-02,2', ','));
    expect(series.stored(series.times[1] as number)).toBe('2026-01-02');
    expect(series.read('2026-01-02')).toBe(series.times[1]);
    expect(series.read('soon')).toBeNull();
  });

  it('says what is wrong', () => {
    expect(() => makeSeries(node('timeColumn="when"'), csvTable('t,a\n1,2', ','))).toThrow('The data has no column "when"; it has t, a.');
    expect(() => makeSeries(node('timeColumn="t"'), csvTable('t,a\n2026-01-01,2', ','))).toThrow('The time in row 1 is no number');
  });

  it('draws a million points as the lowest and highest of each pixel', () => {
    const count = 1_000_000;
    const values = Float64Array.from({ length: count }, (_, index) => (index === 654_321 ? 99 : index % 7));
    const series = makeSeries(node(''), { rows: count, names: ['a'], column: () => values });
    const axis = new TimeAxis(1);
    axis.width.value = 800;
    axis.setExtent(0, count - 1);
    const channel = series.channel('a') as never;
    const [xs, ys] = visiblePoints(series.times, channel, axis);
    expect(xs).toHaveLength(1600);
    expect(Math.max(...(ys as number[]))).toBe(99);
    axis.show(654_300, 654_400);
    const [close] = visiblePoints(series.times, channel, axis);
    expect(close.length).toBeLessThan(110);
    expect(close).toContain(654_321);
  });

  it('says when a moment and a stretch are', () => {
    const row = (value: Record<string, unknown>) => ({ type: 'timeserieslabels', value }) as never;
    const editor = editorOf('<View><TimeSeries name="ts" value="$ts"/></View>');
    expect(tag.describe?.(row({ start: '2026-01-02', end: '2026-01-02', instant: true }), editor)).toBe('at 2026-01-02');
    expect(tag.describe?.(row({ start: 6, end: 13, instant: false }), editor)).toBe('6 – 13');
  });
});
