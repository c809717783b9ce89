/** Marks of time above a timeline, at round distances, and the part of the whole that is shown below it. */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { clockStep, clockText, roundStep, type TimeAxis } from './axis';

export interface Scale {
  /** Round distance of marks that are at least so far apart. */
  step: (least: number) => number;
  text: (time: number, step: number) => string;
  /** Pixels that a mark with its text takes. */
  apart?: number;
}

/** Marks of seconds. */
export const clockScale: Scale = { step: clockStep, text: (time, step) => clockText(time, step >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(step)))) };

/** Marks of whole numbers: frames. */
export const countScale: Scale = { step: (least) => Math.max(1, roundStep(least)), text: (time) => String(Math.round(time)) };

const LEAST_APART = 76;
const HEIGHT = 20;

export function Ruler({ axis, scale, onSeek }: { axis: TimeAxis; scale: Scale; onSeek: (time: number) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useSignalEffect(() => {
    const { start, end } = axis.window.value;
    const width = axis.width.value;
    const context = canvas.current?.getContext('2d');
    if (!context || !canvas.current || width === 0 || end <= start) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.current.width = Math.round(width * ratio);
    canvas.current.height = HEIGHT * ratio;
    context.scale(ratio, ratio);
    context.fillStyle = getComputedStyle(canvas.current).color;
    context.font = '11px system-ui, sans-serif';
    const step = scale.step((scale.apart ?? LEAST_APART) * axis.perPixel);
    for (let at = Math.ceil(start / step); at * step <= end; at += 1) {
      const x = Math.round(axis.toPixel(at * step));
      context.fillRect(x, HEIGHT - 6, 1, 6);
      context.fillText(scale.text(at * step, step), x + 4, HEIGHT - 6);
    }
  });
  const seek = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    const { left } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    onSeek(axis.limit(axis.toTime(event.clientX - left)));
  };
  return (
    <canvas
      ref={canvas}
      class="timeline-ruler"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={seek}
    />
  );
}

type Grip = 'start' | 'end' | 'whole';

/** The whole as a strip, and on it the part that is shown: dragged, widened, clicked to. `paint` draws what lies below it. */
export function Overview({
  axis,
  height = 12,
  always = false,
  paint,
}: {
  axis: TimeAxis;
  height?: number;
  always?: boolean;
  paint?: (context: CanvasRenderingContext2D, width: number, height: number) => void;
}) {
  const strip = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  const drag = useRef<{ grip: Grip; from: number; start: number; end: number } | null>(null);
  const whole = () => axis.extent.peek().end - axis.extent.peek().start;
  useSignalEffect(() => {
    const { start, end } = axis.window.value;
    const { start: first, end: last } = axis.extent.value;
    if (!handle.current || last <= first) return;
    handle.current.style.left = `${((start - first) / (last - first)) * 100}%`;
    handle.current.style.width = `${((end - start) / (last - first)) * 100}%`;
  });
  useEffect(() => {
    if (!paint || !strip.current) return;
    const draw = () => {
      const width = strip.current?.clientWidth ?? 0;
      const context = canvas.current?.getContext('2d');
      if (!context || !canvas.current || width === 0) return;
      const ratio = window.devicePixelRatio || 1;
      canvas.current.width = Math.round(width * ratio);
      canvas.current.height = height * ratio;
      context.scale(ratio, ratio);
      paint(context, width, height);
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(strip.current);
    return () => observer.disconnect();
  }, [paint, height]);
  const at = (event: PointerEvent) => {
    const frame = strip.current?.getBoundingClientRect();
    return axis.extent.peek().start + ((event.clientX - (frame?.left ?? 0)) / (frame?.width || 1)) * whole();
  };
  const down = (event: PointerEvent) => {
    const place = handle.current?.getBoundingClientRect();
    if (!place) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    const reach = event.pointerType === 'touch' ? 16 : 6;
    const inside = event.clientX >= place.left - reach && event.clientX <= place.right + reach;
    if (!inside) axis.center(at(event));
    const grip: Grip =
      inside && Math.abs(event.clientX - place.left) <= reach ? 'start' : inside && Math.abs(event.clientX - place.right) <= reach ? 'end' : 'whole';
    drag.current = { grip, from: at(event), ...axis.window.peek() };
  };
  const move = (event: PointerEvent) => {
    if (!drag.current) return;
    const { grip, from, start, end } = drag.current;
    const time = axis.limit(at(event));
    if (grip === 'whole') axis.show(start + time - from, end + time - from);
    else if (grip === 'start') axis.show(Math.min(time, end), end);
    else axis.show(start, Math.max(time, start));
  };
  return (
    <div
      ref={strip}
      class="timeline-overview"
      hidden={!always && axis.zoomed.value <= 1.001}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
      style={{ height: `${height}px` }}
    >
      {paint && <canvas ref={canvas} />}
      <div ref={handle} class="timeline-window" />
    </div>
  );
}

/** The cursor: a line at a moment, over everything in its box. */
export function Cursor({ axis, time, width = 2, color }: { axis: TimeAxis; time: () => number; width?: number; color?: string }) {
  const line = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    if (!line.current) return;
    const x = axis.toPixel(time());
    line.current.hidden = x < -1 || x > axis.width.value + 1;
    line.current.style.transform = `translateX(${x - width / 2}px)`;
    line.current.style.width = `${width}px`;
    if (color) line.current.style.background = color;
  });
  return <div ref={line} class="timeline-cursor" aria-hidden="true" />;
}
