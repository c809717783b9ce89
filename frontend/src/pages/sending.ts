/** Sends the files of the import page, a few at a time; they can be paused, and go on after a reload. */
import { type Signal, signal } from '@preact/signals';
import { t } from '../core/text';
import { fetchJson, place, Refusal } from './http';
import { type Sending, sendInPieces } from './tus';
import { type FileWork, workSent } from './upload';

const AT_A_TIME = 3; // requests
// Small files go together: a folder of a thousand is twenty requests, each one transaction.
const SMALL = 1 << 20; // bytes of such a file
const TOGETHER = { files: 50, bytes: 8 << 20 };

export class Sender {
  readonly paused = signal(false);
  private readonly under = new Map<number, Sending>();
  private requests = 0;
  /** Files of a bundle that was refused: each goes by itself, to learn which it was. */
  private readonly alone = new Set<number>();

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
    while (!this.paused.value && this.requests < AT_A_TIME) {
      const waiting = this.files.value.filter((one) => one.state === 'waiting');
      const [first] = waiting;
      if (!first) return;
      this.requests++; // first, as what follows changes the files, and whoever watches them comes here again
      const bundle = this.bundle(waiting);
      void (bundle.length > 1 ? this.sendTogether(bundle) : this.send(first)).finally(() => {
        this.requests--;
        this.fill();
      });
    }
  }

  /** The small files that go in one request. */
  private bundle(waiting: FileWork[]): FileWork[] {
    const found: FileWork[] = [];
    let bytes = 0;
    for (const one of waiting) {
      if (one.size > SMALL || this.alone.has(one.id)) continue;
      bytes += one.size;
      if (found.length === TOGETHER.files || bytes > TOGETHER.bytes) break;
      found.push(one);
    }
    return found;
  }

  private async sendTogether(bundle: FileWork[]): Promise<void> {
    this.changeAll(new Map(bundle.map(({ id }) => [id, { state: 'sending', errors: [] }])));
    const body = new FormData();
    body.append('paths', JSON.stringify(bundle.map((one) => one.name)));
    for (const one of bundle) body.append('files', one.file, one.file.name);
    try {
      const rows = await fetchJson<{ id: number }[]>(place(`api/projects/${this.project}/uploads`), { method: 'POST', body });
      const there = new Set(this.files.value.map((one) => one.id));
      const sent = new Map<number, Partial<FileWork>>();
      rows.forEach((row, at) => {
        const id = bundle[at]?.id ?? 0;
        if (there.has(id)) sent.set(id, { state: 'sent', sent: 1, upload: row.id });
        else void fetchJson(place(`api/import/file-upload/${row.id}`), { method: 'DELETE' }); // taken away meanwhile
      });
      this.changeAll(sent);
    } catch (error) {
      if (error instanceof Refusal) {
        for (const { id } of bundle) this.alone.add(id);
        this.changeAll(new Map(bundle.map(({ id }) => [id, { state: 'waiting' }])));
      } else {
        const errors = [t('The connection broke off. What was sent is kept: try again.')];
        this.changeAll(new Map(bundle.map(({ id }) => [id, { state: 'failed', errors }])));
      }
    }
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
  }

  private changeAll(changes: ReadonlyMap<number, Partial<FileWork>>): void {
    this.files.value = this.files.value.map((one) => ({ ...one, ...changes.get(one.id) }));
  }

  private change(id: number, changes: Partial<FileWork>): void {
    this.files.value = this.files.value.map((one) => (one.id === id ? { ...one, ...changes } : one));
  }
}
