/** The part of a timeline that is on screen: from time to pixel and back, zoom and scroll. The unit of time is the object's own. */
import { computed, type ReadonlySignal, signal } from '@preact/signals-core';

export interface Interval {
  readonly start: number;
  readonly end: number;
}

const NOTHING: Interval = { start: 0, end: 0 };

export class TimeAxis {
  private readonly whole = signal<Interval>(NOTHING);
  private readonly shown = signal<Interval>(NOTHING);
  /** Width of the timeline on screen, in CSS pixels. */
  readonly width = signal(0);
  /** How often the whole would fit into what is on screen: 1 shows all. */
  readonly zoomed: ReadonlySignal<number> = computed(() => {
    const { start, end } = this.shown.value;
    return end > start ? (this.whole.value.end - this.whole.value.start) / (end - start) : 1;
  });

  /** `least` is the shortest time that fills the timeline when it is zoomed in as far as it goes. */
  constructor(private readonly least: number) {}

  get extent(): ReadonlySignal<Interval> {
    return this.whole;
  }

  get window(): ReadonlySignal<Interval> {
    return this.shown;
  }

  /** The whole runs from `start` to `end`: all of it is shown, unless a part of it was already. */
  setExtent(start: number, end: number): void {
    const was = this.whole.peek();
    this.whole.value = { start, end };
    const { start: from, end: to } = this.shown.peek();
    if (to <= from || (from === was.start && to === was.end)) this.shown.value = { start, end };
    else this.show(from, to);
  }

  toPixel(time: number): number {
    const { start, end } = this.shown.value;
    return end > start ? ((time - start) / (end - start)) * this.width.value : 0;
  }

  toTime(pixel: number): number {
    const { start, end } = this.shown.peek();
    const width = this.width.peek();
    return width > 0 ? start + (pixel / width) * (end - start) : start;
  }

  /** Time that one pixel stands for. */
  get perPixel(): number {
    const { start, end } = this.shown.value;
    return this.width.value > 0 ? (end - start) / this.width.value : 0;
  }

  limit(time: number): number {
    const { start, end } = this.whole.peek();
    return Math.min(end, Math.max(start, time));
  }

  /** Shows this part, kept inside the whole and not shorter than the least. */
  show(start: number, end: number): void {
    const { start: first, end: last } = this.whole.peek();
    const length = Math.min(last - first, Math.max(Math.min(this.least, last - first), end - start));
    const from = Math.min(Math.max(first, start + (end - start - length) / 2), last - length);
    const now = this.shown.peek();
    if (from !== now.start || from + length !== now.end) this.shown.value = { start: from, end: from + length };
  }

  /** Zooms by `factor` (above 1: closer); `at` keeps its place, the middle when absent. */
  zoom(factor: number, at?: number): void {
    const { start, end } = this.shown.peek();
    const fixed = at ?? (start + end) / 2;
    const { start: first, end: last } = this.whole.peek();
    const length = Math.min(last - first, Math.max(this.least, (end - start) / factor));
    const share = end > start ? (fixed - start) / (end - start) : 0;
    this.show(fixed - share * length, fixed + (1 - share) * length);
  }

  /** Zooms so that the whole would fit `times` into what is shown. */
  zoomTo(times: number, at?: number): void {
    this.zoom(times / this.zoomed.peek(), at);
  }

  scrollBy(time: number): void {
    const { start, end } = this.shown.peek();
    const { start: first, end: last } = this.whole.peek();
    const from = Math.min(Math.max(first, start + time), last - (end - start));
    this.show(from, from + (end - start));
  }

  /** Scrolls as little as it takes to show a stretch of time, its start at least. */
  reveal(start: number, end = start): void {
    const { start: from, end: to } = this.shown.peek();
    if (start >= from && end <= to) return;
    const length = to - from;
    const margin = length * 0.1;
    this.scrollBy(start < from || end - start + 2 * margin > length ? start - margin - from : end + margin - to);
  }

  /** Puts a time in the middle, as far as the whole allows. */
  center(time: number): void {
    const { start, end } = this.shown.peek();
    this.scrollBy(time - (start + end) / 2);
  }
}

const STEPS = [1, 2, 5];

/** A round distance between marks so that they are at least `least` apart: 1, 2 or 5 times a power of ten. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return (STEPS.find((step) => step * power >= least) ?? 10) * power;
}

const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

/** As `roundStep`, for seconds: whole minutes and hours above a second. */
export function clockStep(least: number): number {
  return least <= 1 ? roundStep(least) : (CLOCK.find((step) => step >= least) ?? roundStep(least));
}

/** `1:02:03.456`; as many decimal places as asked for. */
export function clockText(seconds: number, places = 3): string {
  const whole = Math.max(0, Number(seconds.toFixed(places)));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = (whole % 60).toFixed(places).padStart(places > 0 ? places + 3 : 2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** The seconds of what somebody typed (`75`, `1:15.5`, `0:01:15`); null when it is no time. */
export function parseClock(text: string): number | null {
  const parts = text.trim().split(':');
  if (parts.length > 3 || parts.some((part) => !/^\d+(\.\d*)?$/.test(part))) return null;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}
