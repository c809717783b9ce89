/** Labeling with a model at hand: what is drawn goes to it, and what it makes of that comes back as suggestions. */
import { type Signal, signal } from '@preact/signals-core';
import { drawnPrompts, Suggestions } from '../core/suggestions';
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
  /** Of the open annotation; null while none is open that could be changed. */
  readonly suggestions: Signal<Suggestions | null> = signal(null);
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
    const some = () => (this.suggestions.peek()?.count.peek() ?? 0) > 0;
    const group = t('Regions');
    session.actions.register(
      {
        id: 'suggestions:toggle',
        title: t('Auto-annotation on or off'),
        group,
        keys: ['alt+a'],
        when: () => this.suggestions.peek() !== null,
        run: () => this.toggle(),
      },
      { id: 'suggestions:accept', title: t('Accept suggestions'), group, keys: ['enter'], when: some, run: () => this.accept() },
      { id: 'suggestions:reject', title: t('Reject suggestions'), group, keys: ['escape'], when: some, run: () => this.suggestions.peek()?.reject() },
    );
  }

  /** Accepts the suggestions that are selected, or all. */
  accept(): void {
    const suggestions = this.suggestions.peek();
    const picked = [...(this.tab?.editor.selection.peek() ?? [])].filter((id) => suggestions?.ids.peek().has(id));
    suggestions?.accept(picked.length > 0 ? new Set(picked) : undefined);
  }

  /** Switches it on or off; off takes open suggestions away. */
  toggle(): void {
    this.on.value = !this.on.peek();
    if (!this.on.peek()) this.suggestions.peek()?.reject();
  }

  private follow(tab: OpenTab | null): void {
    if (tab === this.tab) return;
    this.stop();
    clearTimeout(this.timer);
    this.question += 1;
    this.prompts = [];
    this.asking.value = false;
    this.suggestions.peek()?.reject();
    this.tab = tab;
    const editor = tab?.editor;
    this.suggestions.value = editor && tab.tab.editable ? new Suggestions(editor) : null;
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
        this.suggestions.peek()?.show(rows, prompts);
      }
    } catch (error) {
      if (question === this.question) this.session.say(error instanceof ApiError ? error.message : t('The server cannot be reached.'), 'problem');
    } finally {
      if (question === this.question) this.asking.value = false;
    }
  }
}

const assistants = new WeakMap<LabelingSession, Assistant>();

/** The session's one assistant; made when it is first asked for. The project has an interactive model. */
export function assistantOf(session: LabelingSession): Assistant {
  const assistant = assistants.get(session) ?? new Assistant(session, session.context.project.assistant as Assisting);
  assistants.set(session, assistant);
  return assistant;
}
