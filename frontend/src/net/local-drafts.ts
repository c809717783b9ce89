/** Unsent changes on this device: the rows they started from, and every patch since, written at once. */
import { Rows } from '../core/rows';
import type { Patch, ResultRow } from '../core/types';
import type { DeviceStore } from './device-store';

interface Base {
  rows: readonly ResultRow[];
  extra: Record<string, unknown>;
  at: number;
}

interface LoggedPatches {
  patches: readonly Patch[];
  at: number;
}

export interface RestoredDraft {
  rows: ResultRow[];
  /** What `LocalDraft` was given as `extra` when the draft began. */
  extra: Record<string, unknown>;
  /** When the last change was made, in milliseconds. */
  at: number;
}

const END = Number.MAX_SAFE_INTEGER;

/** The rows after all logged patches. */
export function replay(base: readonly ResultRow[], log: readonly (readonly Patch[])[]): ResultRow[] {
  const rows = new Rows(base);
  for (const patches of log) rows.apply(patches);
  return rows.result();
}

/** The unsent changes of one annotation (`key` names task and annotation). */
export class LocalDraft {
  private number = 0;
  private hasBase = false;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: DeviceStore,
    readonly key: string,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Appends a transaction. `base` gives the rows as they were before it; it is asked only once after each `clear`. */
  append(patches: readonly Patch[], base: () => { rows: readonly ResultRow[]; extra: Record<string, unknown> }): void {
    const at = Date.now();
    if (!this.hasBase) {
      this.hasBase = true;
      const { rows, extra } = base();
      this.chain(() => this.store.put('bases', this.key, { rows, extra, at } satisfies Base));
    }
    this.number += 1;
    const number = this.number;
    this.chain(() => this.store.put('patches', [this.key, number], { patches, at } satisfies LoggedPatches));
  }

  /** Forgets changes up to now: they are safe elsewhere. Later ones start from a new base. */
  clear(): Promise<void> {
    // Without a number nothing was logged in this visit: then everything there is goes.
    const upTo = this.number;
    this.hasBase = false;
    return this.chain(async () => {
      await this.store.removeRange('patches', [this.key, 0], [this.key, upTo || END]);
      if (!this.hasBase) await this.store.removeRange('bases', this.key, this.key);
    });
  }

  /** What an earlier visit left behind, or null. Called before the first `append`. */
  async restore(): Promise<RestoredDraft | null> {
    const base = (await this.store.get('bases', this.key)) as Base | undefined;
    const log = await this.store.range('patches', [this.key, 0], [this.key, END]);
    this.number = log.reduce((highest, { key }) => Math.max(highest, (key as [string, number])[1]), 0);
    if (!base || log.length === 0) return null;
    const entries = log.map(({ value }) => value as LoggedPatches);
    this.hasBase = true;
    return {
      rows: replay(
        base.rows,
        entries.map(({ patches }) => patches),
      ),
      extra: base.extra,
      at: entries.at(-1)?.at ?? base.at,
    };
  }

  /** Resolves when everything so far is written. */
  settled(): Promise<void> {
    return this.work;
  }

  private chain(step: () => Promise<void>): Promise<void> {
    this.work = this.work.then(step).catch((error) => this.onFailure(error));
    return this.work;
  }
}
