/** Submissions on their way: kept on the device until the server has answered, retried while it cannot be reached. */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import { ApiError, type Call, send } from './api';
import type { DeviceStore } from './device-store';

export interface Letter {
  uuid: string;
  call: Call;
  /** Names what is sent, so that a change of the same thing waits for the one before. */
  about: string;
  task: number;
  at: number;
}

export type Delivery = { ok: true; answer: unknown } | { ok: false; error: ApiError };

const WAITS = [1, 2, 4, 8, 15, 30];

export class Outbox {
  private readonly waiting = new Map<string, Letter>();
  private readonly count = signal(0);
  private readonly unreachable = signal(false);
  private readonly listeners = new Map<string, (delivery: Delivery) => void>();
  private busy = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: DeviceStore,
    /** Told of letters that an earlier visit left behind and that were refused now. */
    private readonly onRefused: (letter: Letter, error: ApiError) => void,
    private readonly deliver: (call: Call) => Promise<unknown> = send,
  ) {}

  /** How many letters have not been acknowledged. */
  get pending(): ReadonlySignal<number> {
    return this.count;
  }

  /** Whether the last try found no server. */
  get offline(): ReadonlySignal<boolean> {
    return this.unreachable;
  }

  /** Takes up what an earlier visit left behind. */
  async resume(): Promise<void> {
    const left = (await this.store.range('outbox', ['', 0], ['\uffff', 0])).map(({ value }) => value as Letter);
    for (const letter of left.sort((a, b) => a.at - b.at)) this.enqueue(letter);
    this.flush();
  }

  /**
   * Stores a letter and sends it. Resolves with the server's answer, or its refusal when it is final;
   * while the server cannot be reached it stays pending (`onDelay` is called once) and is tried again.
   */
  async post(letter: Letter, onDelay: () => void = () => {}): Promise<Delivery> {
    this.enqueue(letter);
    const stored = this.store.put('outbox', [letter.uuid, 0], letter);
    const delivered = new Promise<Delivery>((resolve) => this.listeners.set(letter.uuid, resolve));
    const stop = this.onDelayed(letter.uuid, onDelay);
    this.flush();
    // A device that cannot store must not keep the letter from being sent.
    await stored.catch(() => undefined);
    return delivered.finally(stop);
  }

  /** Resolves when no letter about this is waiting any more: true when the last one was accepted, at once when there is none. */
  whenGone(about: string): Promise<boolean> {
    const last = [...this.waiting.values()].findLast((letter) => letter.about === about);
    if (!last) return Promise.resolve(true);
    return new Promise((resolve) => this.watchers.set(last.uuid, resolve));
  }

  has(about: string): boolean {
    return [...this.waiting.values()].some((letter) => letter.about === about);
  }

  private readonly watchers = new Map<string, (ok: boolean) => void>();
  private readonly delayed = new Map<string, () => void>();

  private onDelayed(uuid: string, call: () => void): () => void {
    this.delayed.set(uuid, call);
    return () => this.delayed.delete(uuid);
  }

  private enqueue(letter: Letter): void {
    this.waiting.set(letter.uuid, letter);
    this.count.value = this.waiting.size;
  }

  /** Sends what waits, in order. */
  flush(): void {
    clearTimeout(this.timer);
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    try {
      for (let letter = this.first(); letter; letter = this.first()) if (!(await this.sendOne(letter))) return;
    } finally {
      this.busy = false;
    }
  }

  private first(): Letter | undefined {
    return this.waiting.values().next().value;
  }

  /** False when the server cannot be reached now. */
  private async sendOne(letter: Letter): Promise<boolean> {
    try {
      const answer = await this.deliver(letter.call);
      this.unreachable.value = false;
      this.tries = 0;
      await this.done(letter, { ok: true, answer });
      return true;
    } catch (error) {
      if (error instanceof ApiError && !error.temporary) {
        this.unreachable.value = false;
        if (!this.listeners.has(letter.uuid)) this.onRefused(letter, error);
        await this.done(letter, { ok: false, error });
        return true;
      }
      this.unreachable.value = true;
      for (const [uuid, call] of [...this.delayed]) {
        this.delayed.delete(uuid);
        call();
      }
      const wait = (error instanceof ApiError && error.retryAfter) || (WAITS[Math.min(this.tries, WAITS.length - 1)] as number);
      this.tries += 1;
      this.timer = setTimeout(() => this.flush(), wait * 1000 * (0.8 + Math.random() * 0.4));
      return false;
    }
  }

  private async done(letter: Letter, delivery: Delivery): Promise<void> {
    this.waiting.delete(letter.uuid);
    this.count.value = this.waiting.size;
    await this.store.removeRange('outbox', [letter.uuid, 0], [letter.uuid, 0]).catch(() => undefined);
    this.listeners.get(letter.uuid)?.(delivery);
    this.watchers.get(letter.uuid)?.(delivery.ok);
    this.watchers.delete(letter.uuid);
    this.listeners.delete(letter.uuid);
  }
}
