/** Seconds that a person worked: only while the page is visible. */
export class LeadTime {
  private seconds: number;
  private since: number | null;
  readonly startedAt = new Date().toISOString();

  constructor(
    before = 0,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.seconds = before;
    this.since = this.now();
  }

  pause(): void {
    this.seconds = this.total();
    this.since = null;
  }

  resume(): void {
    this.since ??= this.now();
  }

  total(): number {
    const running = this.since === null ? 0 : (this.now() - this.since) / 1000;
    return Math.round((this.seconds + running) * 1000) / 1000;
  }
}
