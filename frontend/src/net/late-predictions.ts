/** Predictions that a model is still making when a task is opened: looked for a few times, each a little later. */
import type { PredictionRecord } from '../core/types';
import { api } from './api';

const WAITS = [1500, 3000, 6000, 12_000];

export class LatePredictions {
  private task = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly arrived: (task: number, predictions: PredictionRecord[]) => void) {}

  /** Looks for the predictions of this task, and no longer for those of the one before. */
  expect(task: number): void {
    this.task = task;
    this.look(0);
  }

  private look(round: number): void {
    clearTimeout(this.timer);
    const wait = WAITS[round];
    if (wait === undefined) return;
    const task = this.task;
    this.timer = setTimeout(async () => {
      // Without a connection there is nothing to miss: the task can be labelled all the same.
      const found = await api.predictions(task).catch(() => []);
      if (task !== this.task) return;
      const version = found.at(-1)?.model_version;
      const shown = found.filter((prediction) => prediction.model_version === version);
      if (shown.length > 0) this.arrived(task, shown);
      else this.look(round + 1);
    }, wait);
  }
}
