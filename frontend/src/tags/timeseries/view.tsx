/** A series of measurements: curves below each other on one axis of time, regions over all of them, an overview of the whole. */
import '../../timeline/timeline.css';
import './timeseries.css';
import { type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { attribute, flag, numeric } from '../../core/node';
import { t } from '../../core/text';
import type { Editor, TagNode, TagViewProps } from '../../core/types';
import { roundStep, TimeAxis } from '../../timeline/axis';
import { holdKeys, timelineActions } from '../../timeline/keys';
import type { Player } from '../../timeline/player';
import { captionOf, drawingControl } from '../../timeline/range-rows';
import { Cursor, Overview, Ruler, type Scale } from '../../timeline/ruler';
import { followGroup } from '../../timeline/sync';
import { RangeTrack, type TrackItem, type TrackSource } from '../../timeline/track';
import { ZoomButtons } from '../../timeline/transport';
import { registerAnchors } from '../../ui/anchors';
import { type Curve, curvesOf, Plot } from './plot';
import { firstWindow, indexAt, makeSeries, nearestTime, rangeIn, type Series } from './series';
import { jsonTable, type Table, textTable } from './table';
import { formatNumber } from './time-format';

const CONTROLS = ['TimeSeriesLabels', 'Labels'];
const OVERVIEW = 44;
const FAR = 10;
/** Milliseconds between marks of dates. */
const DATE_STEPS = [1, 10, 100, 1e3, 5e3, 15e3, 6e4, 3e5, 9e5, 36e5, 108e5, 432e5, 864e5, 6048e5, 2592e6, 31536e6];

type Loaded = { series: Series } | { problem: string } | null;

async function load(node: TagNode, stop: AbortSignal): Promise<Series> {
  const { value } = node;
  const sep = attribute(node, 'sep');
  if (typeof value === 'object' && value !== null) return fromTable(node, jsonTable(value));
  const text = String(value ?? '');
  const isText = attribute(node, 'valueType') === 'json' || /[\n{]/.test(text);
  let content = text;
  if (!isText) {
    const answer = await fetch(text, { signal: stop });
    if (!answer.ok) throw new Error(t('The data at {address} could not be loaded ({reason}).', { address: text.slice(0, 200), reason: answer.status }));
    content = await answer.text();
  }
  return fromTable(node, textTable(content, sep));
}

function fromTable(node: TagNode, table: Table | null): Series {
  if (!table) throw new Error(t('The data is neither a table nor columns of numbers.'));
  return makeSeries(node, table);
}

/** Channels in the order of the config; all columns when it names none. */
function plotsOf(node: TagNode, series: Series): { node: TagNode; curves: Curve[] }[] {
  const named = node.children.filter((child) => child.tag === 'Channel' || child.tag === 'MultiChannel');
  const nodes =
    named.length > 0
      ? named
      : series.names.map(
          (column): TagNode => ({ ...node, key: `${node.key}.${column}`, tag: 'Channel', attributes: { column }, name: '', children: [], parent: node }),
        );
  let color = 0;
  return nodes.map((channel) => {
    const curves = curvesOf(channel, series, color);
    color += Math.max(1, curves.length);
    return { node: channel, curves };
  });
}

function seriesSource(editor: Editor, node: TagNode, series: Series, seek: (time: number) => void): TrackSource {
  const control = () => drawingControl(editor, node.name, CONTROLS);
  const value = (start: number, end: number) => ({ start: series.stored(start), end: series.stored(end), instant: start === end });
  return {
    least: 0,
    moments: true,
    items() {
      void editor.regions.revision.value;
      const shows = { labels: editor.settings.value.showLabels, score: true };
      return editor.regions.list(node.name).flatMap((region): TrackItem[] => {
        const start = series.read(region.main.value?.start);
        const end = series.read(region.main.value?.end);
        if (start === null || end === null) return [];
        return [{ id: region.id, start, end, lane: 0, color: editor.colorOf(region), caption: captionOf(editor, region, shows) }];
      });
    },
    lanes: () => 1,
    canDraw: () => !editor.readonly.peek() && control() !== undefined,
    draw(start, end) {
      const by = control();
      return by ? editor.createRegion({ control: by.name, object: node.name, value: value(start, end) }) : null;
    },
    reshape: (id, start, end, merge) => editor.updateRegion(id, value(start, end), { label: t('Change region'), merge }),
    seek,
    snap: (time) => nearestTime(series.times, time),
    keyLane: () => 0,
  };
}

function scaleOf(series: Series): Scale {
  if (series.isDate) return { step: (least) => DATE_STEPS.find((step) => step >= least) ?? roundStep(least), text: (time) => series.shown(time), apart: 150 };
  return { step: roundStep, text: (time) => series.shown(time) };
}

function PlotBox({
  series,
  curves,
  axis,
  node,
  root,
  time,
}: {
  series: Series;
  curves: Curve[];
  axis: TimeAxis;
  node: TagNode;
  root: TagNode;
  time: Signal<number>;
}) {
  const box = useRef<HTMLDivElement>(null);
  const height = numeric(node, 'height', 200);
  useEffect(() => {
    if (!box.current || curves.length === 0) return;
    const plot = new Plot(box.current, series, curves, axis, {
      height,
      showAxis: flag(node, 'showAxis') && flag(node, 'showYAxis'),
      fixedScale: flag(root, 'fixedScale') || flag(node, 'fixedScale'),
      multiaxis: flag(root, 'multiaxis') && curves.length > 1,
    });
    return () => plot.destroy();
  }, [series, curves, axis, node]);
  const index = Math.min(indexAt(series.times, time.value), series.times.length - 1);
  if (curves.length === 0)
    return (
      <p class="notice" role="note">
        {t('The data has no column "{column}"; it has {names}.', { column: attribute(node, 'column'), names: series.names.slice(0, 20).join(', ') })}
      </p>
    );
  return (
    <div class="series-plot" style={{ minHeight: `${height}px` }}>
      <div class="series-name">
        {curves.map((curve) => {
          const value = Number(curve.values.values[index]);
          return (
            <span key={curve.column}>
              <span class="label-swatch" ref={(swatch) => swatch?.style.setProperty('--label-color', curve.color)} aria-hidden="true" />
              {attribute(curve.node, 'legend') || curve.column}
              <output>
                {Number.isNaN(value) ? '–' : formatNumber(value, attribute(curve.node, 'displayFormat'))} {attribute(curve.node, 'units')}
              </output>
            </span>
          );
        })}
      </div>
      <div ref={box} />
    </div>
  );
}

function Shown({ node, editor, series }: TagViewProps & { series: Series }) {
  const root = useRef<HTMLDivElement>(null);
  const lanes = useRef<HTMLDivElement>(null);
  const first = series.times[0] as number;
  const last = series.times.at(-1) as number;
  const time = useSignal(first);
  const leader = useSignal<Player | null>(null);
  const plots = useMemo(() => plotsOf(node, series), [node, series]);
  const step = series.times.length > 1 ? (last - first) / (series.times.length - 1) : 1;
  const axis = useMemo(() => {
    const made = new TimeAxis(step * 4);
    made.setExtent(first, last > first ? last : first + 1);
    const asked = plots.map((plot) => rangeIn(attribute(plot.node, 'timeRange'))).find(Boolean);
    if (asked) made.show(asked[0], asked[1]);
    else made.show(first, first + firstWindow(node, first, last));
    return made;
  }, [series]);
  const scale = useMemo(() => scaleOf(series), [series]);
  const second = series.isDate ? 1000 : 1;
  const seek = (to: number) => {
    time.value = nearestTime(series.times, axis.limit(to));
    leader.peek()?.seek((time.peek() - first) / second);
  };

  useEffect(() => {
    if (!lanes.current || !root.current) return;
    const track = new RangeTrack(lanes.current, axis, editor, seriesSource(editor, node, series, seek));
    const place = () => indexAt(series.times, time.peek());
    // Keys go from one measurement to the next, however far apart they are.
    const by = (steps: number) => {
      const to = Math.min(series.times.length - 1, Math.max(0, place() + steps));
      return (series.times[to] as number) - time.peek();
    };
    const actions = timelineActions({
      axis,
      track: () => (drawingControl(editor, node.name, CONTROLS) ? track : null),
      now: () => time.peek(),
      seek,
      step: (direction) => by(direction),
      farStep: (direction) => by(direction * Math.max(FAR, Math.round((axis.perPixel * FAR) / step))),
      toggle: () => leader.peek()?.toggle() ?? false,
      hotkey: attribute(node, 'hotkey'),
    });
    const stopKeys = holdKeys(editor, root.current, actions);
    const stopGroup = followGroup(editor, node, (player) => {
      leader.value = player;
    });
    const stopAnchors = registerAnchors(
      editor,
      node.name,
      (id) => track.boxOf(id),
      () => lanes.current,
      (id) => track.reveal(id),
    );
    return () => {
      stopAnchors();
      stopGroup();
      stopKeys();
      track.destroy();
    };
  }, [editor, node, series, axis]);

  useSignalEffect(() => {
    const seconds = leader.value?.time.value;
    if (seconds === undefined) return;
    time.value = axis.limit(first + seconds * second);
    if (leader.value?.playing.value) axis.reveal(time.peek());
  });

  const paint = useMemo(() => {
    const wanted = attribute(node, 'overviewChannels')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    const all = plots.flatMap((plot) => plot.curves);
    const chosen = wanted.length > 0 ? all.filter((curve) => wanted.includes(curve.column)) : all.slice(0, 3);
    return (context: CanvasRenderingContext2D, width: number, height: number) => {
      for (const { values, color } of chosen) {
        context.fillStyle = color;
        const range = values.high - values.low || 1;
        let from = 0;
        for (let x = 0; x < width; x += 1) {
          const to = x === width - 1 ? series.times.length : indexAt(series.times, first + ((x + 1) / width) * (last - first));
          const found = values.range(from, Math.max(to, from + 1));
          from = to;
          if (!found) continue;
          const top = 3 + (1 - (found[1] - values.low) / range) * (height - 6);
          context.fillRect(x, top, 1, Math.max(1, ((found[1] - found[0]) / range) * (height - 6)));
        }
      }
    };
  }, [series, plots]);

  const shown = useComputed(() => series.shown(time.value));
  const { cursorColor } = node.attributes;
  const label = t('Series {name}. Arrow keys move the cursor, [ and ] mark a region, both at one place a moment.', { name: node.name });
  return (
    <div ref={root} class="series-tag" data-wide data-object={node.name} data-state="ready">
      <div class="timeline">
        <div class="series-plots">
          {plots.map((plot) => (
            <PlotBox key={plot.node.key} series={series} curves={plot.curves} axis={axis} node={plot.node} root={node} time={time} />
          ))}
          <div class="series-over">
            <Ruler axis={axis} scale={scale} onSeek={seek} />
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys work on the timeline while this has the focus. */}
            <div ref={lanes} class="timeline-lanes" role="application" tabIndex={0} aria-label={label} />
            <Cursor axis={axis} time={() => time.value} width={1} {...(cursorColor && { color: cursorColor })} />
          </div>
        </div>
        <div class="series-overview">
          <Overview axis={axis} height={OVERVIEW} always paint={paint} />
        </div>
      </div>
      <div class="series-foot">
        <span class="hint">
          {t('Cursor')}: <output>{shown}</output>
        </span>
        <Chosen editor={editor} node={node} series={series} />
        <span class="transport-space" />
        <ZoomButtons axis={axis} at={() => time.peek()} />
      </div>
    </div>
  );
}

/** How long the selected region is. */
function Chosen({ editor, node, series }: TagViewProps & { series: Series }) {
  const words = useComputed(() => {
    void editor.regions.revision.value;
    const [id] = editor.selection.value;
    const region = id === undefined ? undefined : editor.regions.get(id);
    const start = series.read(region?.main.value?.start);
    const end = series.read(region?.main.value?.end);
    if (region?.object !== node.name || start === null || end === null || start === end) return '';
    const length = series.isDate ? (end - start) / 1000 : end - start;
    const unit = series.isDate ? ' s' : '';
    return t('{length} long', { length: `${formatNumber(length, attribute(node, 'durationDisplayFormat'))}${unit}` });
  });
  return words.value ? <span class="hint">{words}</span> : null;
}

export default function TimeSeriesView({ node, editor }: TagViewProps) {
  const loaded = useSignal<Loaded>(null);
  const attempt = useSignal(0);
  useSignalEffect(() => {
    void attempt.value;
    const stop = new AbortController();
    loaded.value = null;
    load(node, stop.signal)
      .then((series) => {
        if (!stop.signal.aborted) loaded.value = { series };
      })
      .catch((error: Error) => {
        if (!stop.signal.aborted) loaded.value = { problem: error.message };
      });
    return () => stop.abort();
  });
  const now = loaded.value;
  if (now === null)
    return (
      <p class="hint" data-wide>
        {t('Reading the series…')}
      </p>
    );
  if ('problem' in now)
    return (
      <div class="notice notice-error" role="alert">
        <p>{now.problem}</p>
        <button type="button" class="button" onClick={() => (attempt.value += 1)}>
          {t('Try again')}
        </button>
      </div>
    );
  return <Shown node={node} editor={editor} series={now.series} />;
}
