/** Keeps the changes of one annotation safe: on this device at once, on the server a moment later. */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { AnnotationEditor } from '../core/editor';
import type { ResultRow } from '../core/types';
import { ApiError, api, type DraftRecord, draftCall, send } from './api';
import type { LocalDraft } from './local-drafts';

/** `clean`: nothing unsent. `device`: only on this device, because the server cannot be reached. */
export type DraftState = 'clean' | 'saving' | 'device' | 'lost';

const QUIET = 1500;
const AT_MOST = 8000;
/** Browsers refuse larger bodies for requests that outlive the page; those stay on the device. */
const KEEPALIVE_LIMIT = 60_000;

export interface DraftTarget {
  task: number;
  annotation: number | null;
  draft: number | null;
}

export class DraftSync {
  private readonly current = signal<DraftState>('clean');
  private timer: ReturnType<typeof setTimeout> | undefined;
  private firstUnsent = 0;
  private unsent = false;
  private running: Promise<void> | null = null;
  private stopped = false;
  private retry = 3000;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly editor: AnnotationEditor,
    private readonly local: LocalDraft,
    readonly target: DraftTarget,
    private readonly leadTime: () => number,
    private base: { rows: readonly ResultRow[]; extra: Record<string, unknown> },
    private readonly deviceOnly = false,
  ) {
    this.unsubscribe = editor.onTransaction((transaction) => {
      if (transaction.origin !== 'user') return;
      this.local.append(transaction.patches, () => this.base);
      this.touch();
    });
  }

  get state(): ReadonlySignal<DraftState> {
    return this.current;
  }

  /** There is something that the server does not have. */
  touch(): void {
    if (this.stopped) return;
    if (this.deviceOnly) {
      this.current.value = 'device';
      return;
    }
    if (!this.unsent) this.firstUnsent = Date.now();
    this.unsent = true;
    this.current.value = this.current.peek() === 'device' ? 'device' : 'saving';
    this.schedule(Math.min(QUIET, Math.max(0, this.firstUnsent + AT_MOST - Date.now())));
  }

  private schedule(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), wait);
  }

  private body(): { result: ResultRow[]; lead_time: number } {
    return { result: this.editor.regions.result(), lead_time: this.leadTime() };
  }

  /** Sends the draft now, if anything is unsent. */
  async save(): Promise<void> {
    clearTimeout(this.timer);
    if (this.running) {
      await this.running;
      if (this.unsent && !this.stopped) this.schedule(0);
      return;
    }
    if (!this.unsent || this.stopped) return;
    this.unsent = false;
    this.running = this.send();
    await this.running;
    this.running = null;
  }

  private async send(): Promise<void> {
    const { task, annotation, draft } = this.target;
    const body = this.body();
    try {
      const answer = await send<DraftRecord>(draftCall(task, annotation, draft, body));
      this.target.draft = answer.id;
      this.retry = 3000;
      if (this.unsent) return;
      this.base = { rows: body.result, extra: { ...this.base.extra, draft: answer.id } };
      await this.local.clear();
      if (!this.unsent) this.current.value = 'clean';
    } catch (error) {
      // The draft was removed elsewhere: make a new one.
      if (error instanceof ApiError && error.status === 404 && this.target.draft !== null) this.target.draft = null;
      else if (error instanceof ApiError && !error.temporary) {
        this.current.value = 'device';
        return;
      }
      this.unsent = true;
      this.current.value = 'device';
      this.schedule(this.retry);
      this.retry = Math.min(60_000, this.retry * 2);
    }
  }

  /** The page is going away: send what is unsent with a request that outlives it. What is too large is on the device. */
  flushOnLeave(): void {
    if (!this.unsent || this.stopped) return;
    const { task, annotation, draft } = this.target;
    const body = this.body();
    if (JSON.stringify(body).length > KEEPALIVE_LIMIT) return;
    clearTimeout(this.timer);
    // The device keeps its copy until a later visit sees the server's draft; a failure here loses nothing.
    void send<DraftRecord>({ ...draftCall(task, annotation, draft, body), keepalive: true }).then(
      (answer) => {
        this.target.draft = answer.id;
      },
      () => undefined,
    );
  }

  /** Ends saving because the annotation is being submitted. Resolves when no draft is on its way any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.unsubscribe();
    await this.running;
  }

  /** Resolves when the device has everything so far. */
  kept(): Promise<void> {
    return this.local.settled();
  }

  /** Ends saving and removes the draft everywhere. */
  async discard(): Promise<void> {
    await this.stop();
    await this.forget();
    const { draft } = this.target;
    // A draft that could not be removed is only shown once more; nothing is lost by it.
    if (draft !== null) await api.deleteDraft(draft).catch(() => undefined);
  }

  /** Forgets the device's copy: the server has the submission. */
  async forget(): Promise<void> {
    this.current.value = 'clean';
    await this.local.clear();
  }
}
