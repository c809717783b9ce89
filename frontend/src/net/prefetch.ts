/** The task after the present one, fetched while it is being worked on, with its images. */
import type { TaskRecord } from '../core/types';
import { ApiError, api } from './api';

const PATIENCE = 400;
const MEDIA = /\.(?:png|jpe?g|gif|webp|bmp|svg|avif)(?:\?|$)/i;

export class NextTask {
  private fetched: { after: number; task: TaskRecord } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** A server that hands out one task at a time answers with the present one: then its answer to the submit brings the next. */
  private possible = true;

  constructor(private readonly project: number) {}

  /** Begins fetching what follows `current`, a moment from now. */
  prepare(current: number): void {
    clearTimeout(this.timer);
    this.fetched = null;
    if (this.possible) this.timer = setTimeout(() => void this.fetch(current), PATIENCE);
  }

  /** The task that follows `current`, if it is here. */
  take(current: number): TaskRecord | null {
    clearTimeout(this.timer);
    const found = this.fetched?.after === current ? this.fetched.task : null;
    this.fetched = null;
    return found;
  }

  private async fetch(current: number): Promise<void> {
    try {
      const task = await api.nextTask(this.project, current);
      if (task.id === current) {
        this.possible = false;
        return;
      }
      this.fetched = { after: current, task };
      for (const value of Object.values(task.data)) if (typeof value === 'string' && MEDIA.test(value)) new Image().src = value;
    } catch (error) {
      // 404: nothing is left after this one. Anything else: the submit's answer will bring the next.
      if (error instanceof ApiError && error.status !== 404) this.possible = false;
    }
  }
}
