/** Sends the files of the import page, a few at a time; they can be paused, and go on after a reload. */
import { type Signal, signal } from '@preact/signals';
import { t } from '../core/text';
import { fetchJson, place, Refusal } from './http';
import { type Sending, sendInPieces } from './tus';
import { type FileWork, workSent } from './upload';

const AT_A_TIME = 3;

export class Sender {
  readonly paused = signal(false);
  private readonly under = new Map<number, Sending>();

  constructor(
    private readonly project: string,
    readonly files: Signal<FileWork[]>,
  ) {}

  /** What an earlier visit has sent and not imported. */
  async restore(): Promise<void> {
    const rows = await fetchJson<{ id: number; name: string; size: number }[]>(place(`api/projects/${this.project}/file-uploads?waiting=1`));
    const known = new Set(this.files.value.map((one) => one.upload));
    const more = rows.filter((row) => !known.has(row.id)).map((row) => workSent(row.id, row.name, row.size));
    if (more.length) this.files.value = [...more, ...this.files.value];
  }

  /** Starts what is waiting, as far as there is room. */
  fill(): void {
    if (this.paused.value) return;
    const sending = this.files.value.filter((one) => one.state === 'sending').length;
    const waiting = this.files.value.filter((one) => one.state === 'waiting').slice(0, AT_A_TIME - sending);
    for (const one of waiting) void this.send(one);
  }

  async pause(): Promise<void> {
    this.paused.value = true;
    await Promise.all([...this.under.values()].map((sending) => sending.pause()));
    for (const id of this.under.keys()) this.change(id, { state: 'paused' });
  }

  goOn(): void {
    this.paused.value = false;
    for (const [id, sending] of this.under) {
      this.change(id, { state: 'sending' });
      sending.again();
    }
    this.fill();
  }

  /** What failed, once more. */
  again(): void {
    this.files.value = this.files.value.map((one) => (one.state === 'failed' ? { ...one, state: 'waiting', sent: 0, errors: [] } : one));
    this.fill();
  }

  /** A file was taken away: the server forgets it too. */
  forget(one: FileWork): void {
    void this.under.get(one.id)?.giveUp();
    this.under.delete(one.id);
    if (one.upload) void fetchJson(place(`api/import/file-upload/${one.upload}`), { method: 'DELETE' });
    this.fill();
  }

  private async send(one: FileWork): Promise<void> {
    this.change(one.id, { state: 'sending', errors: [] });
    let shown = 0;
    try {
      const sending = await sendInPieces(this.project, one.file, one.name, (sent) => {
        const now = Date.now();
        if (now - shown < 100 && sent < 1) return;
        shown = now;
        this.change(one.id, { sent });
      });
      this.under.set(one.id, sending);
      this.change(one.id, { state: 'sent', sent: 1, upload: await sending.done });
    } catch (error) {
      const errors = error instanceof Refusal ? [error.message] : [t('The connection broke off. What was sent is kept: try again.')];
      this.change(one.id, { state: 'failed', errors });
    }
    this.under.delete(one.id);
    this.fill();
  }

  private change(id: number, changes: Partial<FileWork>): void {
    this.files.value = this.files.value.map((one) => (one.id === id ? { ...one, ...changes } : one));
  }
}
