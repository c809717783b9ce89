/** Renews the lease of the task that is being worked on, while the page is visible. */
import { ApiError, api } from './api';

const EVERY = 4 * 60 * 1000;

export class LeaseKeeper {
  private task: number | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** `onLost` is called once when the server gave the task to somebody else. */
  constructor(private readonly onLost: () => void) {}

  hold(task: number): void {
    this.forget();
    this.task = task;
    this.timer = setInterval(() => void this.renew(), EVERY);
  }

  forget(): void {
    clearInterval(this.timer);
    this.task = null;
  }

  private async renew(): Promise<void> {
    const task = this.task;
    if (task === null || document.visibilityState === 'hidden') return;
    try {
      await api.renewLease(task);
    } catch (error) {
      // No connection: the next turn tries again. Only the server's word ends the lease.
      if (error instanceof ApiError && error.status === 409 && this.task === task) {
        this.forget();
        this.onLost();
      }
    }
  }
}
