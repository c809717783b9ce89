/** Labeling with a model at hand: what is drawn goes to it, and what it makes of that comes back as suggestions. */
import { type Signal, signal } from '@preact/signals-core';
import { drawnPrompts } from '../core/suggestions';
import { t } from '../core/text';
import type { ResultRow } from '../core/types';
import { ApiError, send } from './api';
import type { LabelingSession } from './session';
import type { OpenTab } from './tabs';

/** Several regions drawn in one go are one question. */
const TOGETHER = 150;

export interface Assisting {
  id: number;
  title: string;
}

interface Answer {
  data?: { result?: ResultRow[] };
  errors?: string[];
}

export class Assistant {
  readonly on: Signal<boolean> = signal(false);
  readonly asking = signal(false);
  private tab: OpenTab | null = null;
  private stop: () => void = () => {};
  private prompts: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private question = 0;

  constructor(
    private readonly session: LabelingSession,
    readonly model: Assisting,
  ) {
    session.open.subscribe((tab) => this.follow(tab));
  }

  /** Switches it on or off; off takes open suggestions away. */
  toggle(): void {
    this.on.value = !this.on.peek();
    if (!this.on.peek()) this.tab?.editor.suggestions.reject();
  }

  private follow(tab: OpenTab | null): void {
    if (tab === this.tab) return;
    this.stop();
    clearTimeout(this.timer);
    this.question += 1;
    this.prompts = [];
    this.asking.value = false;
    this.tab = tab;
    const editor = tab?.editor;
    if (!editor || !tab.tab.editable) return;
    this.stop = editor.onTransaction((transaction) => {
      if (!this.on.peek()) return;
      const drawn = drawnPrompts(editor, transaction);
      if (drawn.length === 0) return;
      this.prompts.push(...drawn);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.ask(), TOGETHER);
    });
  }

  private async ask(): Promise<void> {
    const task = this.session.task.peek();
    const editor = this.tab?.editor;
    const prompts = this.prompts.filter((id) => editor?.regions.get(id));
    this.prompts = [];
    if (!task || !editor || prompts.length === 0) return;
    this.question += 1;
    const question = this.question;
    this.asking.value = true;
    try {
      const result = prompts.flatMap((id) => editor.regions.entries(id).map(([, row]) => row));
      const path = `api/ml/${this.model.id}/interactive-annotating`;
      const answer = await send<Answer>({ method: 'POST', path, body: { task: task.id, context: { result } } });
      if (question !== this.question) return;
      const rows = answer.data?.result ?? [];
      if (answer.errors?.length) this.session.say(answer.errors.join(' '), 'problem');
      else if (rows.length === 0) this.session.say(t('{model} suggests nothing here.', { model: this.model.title }));
      else {
        editor.suggestions.show(rows, prompts);
      }
    } catch (error) {
      if (question === this.question) this.session.say(error instanceof ApiError ? error.message : t('The server cannot be reached.'), 'problem');
    } finally {
      if (question === this.question) this.asking.value = false;
    }
  }
}
