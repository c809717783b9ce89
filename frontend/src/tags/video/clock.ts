/** At which frame each video of a task is: for the details panel and for shapes that change from frame to frame. */
import { type Signal, signal } from '@preact/signals-core';
import type { Editor } from '../../core/types';
import type { Size } from '../../geometry/plane';

/** A picture of a video: its size in pixels, and where in the video it stands. */
export interface FrameSize extends Size {
  /** From 1. */
  readonly frame: number;
  readonly frames: number;
  /** Frames per second, as the config counts them. */
  readonly rate: number;
  /** Seconds. */
  readonly duration: number;
}

export const NO_FRAME: FrameSize = { width: 0, height: 0, frame: 1, frames: 1, rate: 24, duration: 0 };

const clocks = new WeakMap<Editor, Map<string, Signal<FrameSize>>>();

export function frameOf(editor: Editor, object: string): Signal<FrameSize> {
  const known = clocks.get(editor) ?? new Map<string, Signal<FrameSize>>();
  clocks.set(editor, known);
  const found = known.get(object) ?? signal(NO_FRAME);
  known.set(object, found);
  return found;
}

/** Browsers tell the time of a frame a little early or late. */
const SLACK = 0.05;

export function frameAt(seconds: number, rate: number, frames: number): number {
  return Math.min(Math.max(1, Math.floor(seconds * rate + SLACK) + 1), Math.max(1, frames));
}

/** A moment at which the frame is surely shown: its middle. */
export function timeOf(frame: number, rate: number): number {
  return (frame - 0.5) / rate;
}
