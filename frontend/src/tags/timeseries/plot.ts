/** One plot of one or more channels: uPlot draws the curves of the part on screen, thinned to what its pixels can show. */
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { LABEL_COLORS } from '../../core/colors';
import { attribute, flag, numeric } from '../../core/node';
import type { TagNode } from '../../core/types';
import type { TimeAxis } from '../../timeline/axis';
import type { MinMaxPyramid } from '../../timeline/pyramid';
import { rangeIn, type Series, visiblePoints } from './series';
import { formatNumber } from './time-format';

/** Room for the axis of values, beside every plot so that times stand below each other. */
export const AXIS = 56;
const END = 8;

export interface Curve {
  readonly node: TagNode;
  readonly column: string;
  readonly values: MinMaxPyramid;
  readonly color: string;
}

export interface PlotLook {
  readonly height: number;
  readonly showAxis: boolean;
  readonly fixedScale: boolean;
  /** Each curve has values of its own. */
  readonly multiaxis: boolean;
}

/** The curves of a Channel or a MultiChannel; columns that the data lacks are left out. */
export function curvesOf(node: TagNode, series: Series, firstColor: number): Curve[] {
  const channels = node.tag === 'MultiChannel' ? node.children.filter((child) => child.tag === 'Channel') : [node];
  return channels.flatMap((channel, index): Curve[] => {
    const column = attribute(channel, 'column');
    const values = series.channel(column);
    if (!values) return [];
    const color = channel.attributes.strokeColor || (LABEL_COLORS[(firstColor + index) % LABEL_COLORS.length] as string);
    return [{ node: channel, column, values, color }];
  });
}

/** The values that an axis shows, with a little air; fixed, as the channel says, or those on screen. */
function valueRange(curves: readonly Curve[], fixed: boolean, low: number | null, high: number | null): [number, number] {
  const own = curves.length === 1 ? rangeIn(attribute((curves[0] as Curve).node, 'dataRange')) : null;
  if (own) return own;
  const from = fixed || low === null ? Math.min(...curves.map((curve) => curve.values.low)) : low;
  const to = fixed || high === null ? Math.max(...curves.map((curve) => curve.values.high)) : high;
  const air = (to - from || Math.abs(to) || 1) * 0.06;
  return [from - air, to + air];
}

export class Plot {
  private readonly chart: uPlot;
  private readonly observer: ResizeObserver;
  private readonly stop: () => void;
  private frame = 0;

  constructor(
    private readonly element: HTMLElement,
    private readonly series: Series,
    private readonly curves: readonly Curve[],
    private readonly axis: TimeAxis,
    look: PlotLook,
  ) {
    const style = (name: string) => () => getComputedStyle(element).getPropertyValue(name);
    const scaleOf = (index: number) => (look.multiaxis ? `y${index}` : 'y');
    const names = look.multiaxis ? curves.map((_, index) => scaleOf(index)) : ['y'];
    const scales: uPlot.Scales = { x: { time: false, auto: false } };
    for (const [index, name] of names.entries()) {
      const own = look.multiaxis ? [curves[index] as Curve] : curves;
      const fixed = look.fixedScale || own.some((curve) => flag(curve.node, 'fixedScale'));
      scales[name] = { range: (_chart, low, high) => valueRange(own, fixed, low, high) };
    }
    const showsValues = look.showAxis && curves.every((curve) => flag(curve.node, 'showAxis') && flag(curve.node, 'showYAxis'));
    const format = curves.map((curve) => attribute(curve.node, 'displayFormat')).find(Boolean) ?? '';
    this.chart = new uPlot(
      {
        width: Math.max(120, element.clientWidth),
        height: look.height,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, END, 8, showsValues ? 0 : AXIS],
        scales,
        axes: [
          { show: false },
          {
            show: showsValues,
            scale: names[0] as string,
            size: AXIS,
            stroke: style('--ink-quiet'),
            font: '11px system-ui, sans-serif',
            grid: { stroke: style('--line'), width: 1 },
            ticks: { stroke: style('--line'), width: 1, size: 4 },
            values: (_chart, splits) => splits.map((value) => (format ? formatNumber(value, format) : String(Number(value.toPrecision(5))))),
          },
        ],
        series: [
          {},
          ...curves.map((curve, index): uPlot.Series => {
            const size = numeric(curve.node, 'markerSize', 0);
            const marker = curve.node.attributes.markerColor || curve.color;
            return {
              scale: scaleOf(index),
              stroke: curve.color,
              width: numeric(curve.node, 'strokeWidth', 1),
              spanGaps: false,
              points: size > 0 ? { show: true, size: size * 2, stroke: marker, fill: marker, ...(isSquare(curve) && { paths: squares }) } : { show: false },
            };
          }),
        ],
      },
      [[], ...curves.map(() => [])],
      element,
    );
    this.observer = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (width > 0) this.chart.setSize({ width, height: look.height });
      this.request();
    });
    this.observer.observe(element);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const recolor = () => this.chart.redraw(false, true);
    dark.addEventListener('change', recolor);
    const stopWindow = axis.window.subscribe(() => this.request());
    const stopWidth = axis.width.subscribe(() => this.request());
    this.stop = () => {
      dark.removeEventListener('change', recolor);
      stopWindow();
      stopWidth();
    };
  }

  private request(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    const { start, end } = this.axis.window.peek();
    if (end <= start || this.axis.width.peek() === 0) return;
    const found = this.curves.map((curve) => visiblePoints(this.series.times, curve.values, this.axis));
    const times = found[0]?.[0] ?? [];
    this.chart.batch(() => {
      this.chart.setData([times, ...found.map(([, values]) => values)], false);
      this.chart.setScale('x', { min: start, max: end });
    });
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.stop();
    this.observer.disconnect();
    this.chart.destroy();
    this.element.replaceChildren();
  }
}

const isSquare = (curve: Curve) => /rect|square/.test(attribute(curve.node, 'markerSymbol'));

/** Markers of `markerSymbol="square"`. */
const squares: uPlot.Series.Points.PathBuilder = (chart, seriesIndex, first, last) => {
  const stroke = new Path2D();
  const size = (chart.series[seriesIndex]?.points as { size?: number } | undefined)?.size ?? 4;
  const scale = chart.series[seriesIndex]?.scale ?? 'y';
  for (let index = first; index <= last; index += 1) {
    const value = chart.data[seriesIndex]?.[index];
    if (typeof value !== 'number') continue;
    const x = chart.valToPos(chart.data[0][index] as number, 'x', true);
    const y = chart.valToPos(value, scale, true);
    stroke.rect(x - size / 2, y - size / 2, size, size);
  }
  return { stroke, fill: stroke, flags: 0 } as never;
};
