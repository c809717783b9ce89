/** Labeling from task to task: which task and annotation are open, submitting, skipping, going on. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import { ActionRegistry } from '../core/actions';
import { parseConfig } from '../core/config';
import { expandConfig } from '../core/expand';
import { uuid } from '../core/ids';
import { problemsOf } from '../core/problems';
import { defaultSettings } from '../core/settings';
import { plural, t } from '../core/text';
import type { AnnotationRecord, ConfigNode, EditorSettings, ResultRow, TagNode, TagProblem, TaskRecord } from '../core/types';
import { ApiError, api, type Call, type Submission, type Submitted } from './api';
import type { EditorContext } from './context';
import { type DeviceStore, openDeviceStore } from './device-store';
import { LeaseKeeper } from './lease';
import { LocalDraft } from './local-drafts';
import { Outbox } from './outbox';
import { NextTask } from './prefetch';
import { COPY, copyOf, leftCopies, makeTabs, type OpenTab, openTab, type Tab } from './tabs';

export type SaveState = 'saved' | 'saving' | 'device' | 'lost';
export type Place = 'loading' | 'task' | 'finished' | 'waiting' | 'broken';

export interface Conflict {
  mine: Tab;
  theirs: AnnotationRecord;
}

export interface Message {
  id: number;
  sentence: string;
  kind: 'info' | 'problem';
}

export class LabelingSession {
  readonly place = signal<Place>('loading');
  readonly task = signal<TaskRecord | null>(null);
  readonly tabs = signal<readonly Tab[]>([]);
  readonly open = signal<OpenTab | null>(null);
  readonly problems = signal<readonly TagProblem[]>([]);
  readonly conflict = signal<Conflict | null>(null);
  readonly messages = signal<readonly Message[]>([]);
  readonly submitting = signal(false);
  readonly failure = signal('');
  readonly counts: Signal<EditorContext['counts']>;
  readonly settings: Signal<EditorSettings>;
  readonly actions = new ActionRegistry();
  /** Tasks seen in this stream, for going back. */
  readonly visited = signal<readonly number[]>([]);
  readonly saved: ReadonlySignal<SaveState>;
  outbox!: Outbox;
  private store!: DeviceStore;
  private config!: ConfigNode;
  private root: TagNode | null = null;
  private readonly editors = new Map<string, OpenTab>();
  private readonly lease = new LeaseKeeper(() => this.say(t('This task was handed on after a long break. What you submit is still kept and counted.')));
  private readonly next: NextTask;
  private readonly ready = signal(false);
  private messageId = 0;
  private opening = 0;

  constructor(readonly context: EditorContext) {
    this.counts = signal(context.counts);
    const stored = (context.user.preferences?.editor ?? {}) as Partial<EditorSettings>;
    this.settings = signal({ ...defaultSettings, ...stored });
    this.next = new NextTask(context.project.id);
    this.saved = computed(() => {
      if (!this.ready.value) return 'saved';
      const draft = this.open.value?.sync?.state.value ?? 'clean';
      if (draft === 'lost') return 'lost';
      if (this.outbox.offline.value || draft === 'device') return 'device';
      return draft === 'saving' || this.outbox.pending.value > 0 ? 'saving' : 'saved';
    });
  }

  get mode(): 'stream' | 'quick' {
    return this.context.mode;
  }

  /** Starts with the task of the page. Call once. */
  async start(): Promise<void> {
    this.store = await openDeviceStore(this.context.user.id);
    this.outbox = new Outbox(this.store, (letter, error) =>
      this.say(t('An answer to task {task} from an earlier visit was refused: {reason}', { task: letter.task, reason: error.message }), 'problem'),
    );
    this.ready.value = true;
    this.config = parseConfig(this.context.project.label_config);
    await this.outbox.resume();
    if (this.context.task) await this.begin(this.context.task);
    else if (this.mode === 'stream') await this.goOn();
    else this.place.value = 'finished';
  }

  /** An answer to this very task may still be on its way from an earlier visit: then it is not asked again. */
  private async begin(task: TaskRecord): Promise<void> {
    const about = `task:${task.id}`;
    if (!this.outbox.has(about)) return this.show(task);
    this.place.value = 'waiting';
    if (!(await this.outbox.whenGone(about))) return this.show(task);
    await new LocalDraft(this.store, `${task.id}/new`, () => {}).clear();
    if (this.mode === 'stream') await this.goOn();
    else await this.visit(task.id);
  }

  say(sentence: string, kind: 'info' | 'problem' = 'info'): void {
    this.messageId += 1;
    const message = { id: this.messageId, sentence, kind };
    this.messages.value = [...this.messages.peek().slice(-3), message];
    setTimeout(() => this.dismiss(message.id), kind === 'problem' ? 9000 : 5000);
  }

  dismiss(id: number): void {
    this.messages.value = this.messages.peek().filter((message) => message.id !== id);
  }

  /** Opens a task that is already here. */
  async show(task: TaskRecord, prefer?: string): Promise<void> {
    this.opening += 1;
    const opening = this.opening;
    const root = expandConfig(this.config, task.data);
    const user = { id: this.context.user.id, mayChangeOthers: this.context.user.permissions.includes('annotations.change_others') };
    const tabs = [...(await leftCopies(task, this.store)), ...makeTabs(task, user, this.mode === 'stream' && prefer === undefined)];
    const mine = tabs.find((tab) => tab.key === prefer) ?? tabs.find((tab) => tab.kind === 'new') ?? tabs.find((tab) => tab.editable) ?? tabs[0];
    this.editors.clear();
    this.root = root;
    const opened = await this.make(mine as Tab, task);
    if (opening !== this.opening) return;
    batch(() => {
      this.task.value = task;
      this.tabs.value = tabs;
      this.open.value = opened;
      this.problems.value = [];
      this.conflict.value = null;
      this.place.value = 'task';
    });
    this.sayRestored(opened);
    if (task.predictions_pending === true) void import('./late-predictions').then(({ expectPredictions }) => expectPredictions(this, task.id));
    if (this.mode === 'stream') {
      if (!this.visited.peek().includes(task.id)) this.visited.value = [...this.visited.peek(), task.id];
      if (opened.tab.kind === 'new') {
        this.lease.hold(task.id);
        if (!this.context.selection) this.next.prepare(task.id);
      }
    }
  }

  private async make(tab: Tab, task: TaskRecord): Promise<OpenTab> {
    const known = this.editors.get(tab.key);
    if (known) return known;
    const options = {
      root: this.root as TagNode,
      data: task.data,
      settings: this.settings,
      actions: this.actions,
      say: (sentence: string, kind?: 'info' | 'problem') => this.say(sentence, kind),
    };
    const made = await openTab(tab, task, this.store, options, () =>
      this.say(t('This device cannot keep changes for you. Stay online until the work is saved.'), 'problem'),
    );
    this.editors.set(tab.key, made);
    return made;
  }

  private sayRestored(opened: OpenTab): void {
    if (opened.restoredAt === null) return;
    const when = new Date(opened.restoredAt).toLocaleString();
    this.say(t('Brought back your unsaved changes of {when}.', { when }));
  }

  async openTab(key: string): Promise<void> {
    const task = this.task.peek();
    const tab = this.tabs.peek().find((candidate) => candidate.key === key);
    if (!task || !tab) return;
    this.open.peek()?.editor.collect();
    this.open.peek()?.leadTime.pause();
    const opened = await this.make(tab, task);
    opened.leadTime.resume();
    batch(() => {
      this.open.value = opened;
      this.problems.value = [];
    });
  }

  /** What a tab holds now. */
  rowsOf(tab: Tab): readonly ResultRow[] {
    return this.editors.get(tab.key)?.editor.regions.result() ?? tab.rows;
  }

  /** A new annotation beside the others; with `from` a copy of what that tab holds. */
  async addTab(from?: Tab): Promise<void> {
    const rows = from ? this.rowsOf(from) : [];
    let tab: Tab = from ? copyOf(from, rows) : { key: `${COPY}${uuid()}`, kind: 'new', parents: {}, rows: [], editable: true };
    // An untouched new annotation gives way to the copy.
    const untouched = (other: Tab) => other.kind === 'new' && !other.draft && !(this.editors.get(other.key)?.editor.canUndo.peek() ?? false) && !other.parents;
    const others = this.tabs.peek().filter((other) => !untouched(other));
    if (others.some((other) => other.kind === 'new')) tab = { ...tab, deviceOnly: true };
    this.tabs.value = [tab, ...others];
    await this.openTab(tab.key);
  }

  /** Puts a record in place of a tab's old one and opens it anew. */
  private async replaceTab(old: Tab, annotation: AnnotationRecord): Promise<void> {
    const tab: Tab = { key: `annotation:${annotation.id}`, kind: 'annotation', annotation, rows: annotation.result, editable: true };
    this.editors.delete(old.key);
    this.editors.delete(tab.key);
    const task = this.task.peek();
    if (task) this.task.value = { ...task, annotations: [...task.annotations.filter((other) => other.id !== annotation.id), annotation] };
    this.tabs.value = this.tabs.peek().map((other) => (other.key === old.key ? tab : other));
    await this.openTab(tab.key);
  }

  /** Submits or updates the open annotation. In a stream the next task follows. */
  async submit(options: { skip?: boolean } = {}): Promise<void> {
    const opened = this.open.peek();
    const task = this.task.peek();
    if (!opened || !task || !opened.tab.editable || this.submitting.peek()) return;
    const skip = options.skip ?? false;
    opened.editor.collect();
    if (!skip && !this.isComplete(opened)) return;
    this.submitting.value = true;
    try {
      await opened.sync?.stop();
      if (opened.tab.annotation) await this.update(opened, task, skip);
      else await this.create(opened, task, skip);
    } finally {
      this.submitting.value = false;
    }
  }

  private isComplete(opened: OpenTab): boolean {
    const problems = problemsOf(opened.editor);
    this.problems.value = problems;
    if (problems.length > 0) {
      this.say(plural(problems.length, 'One answer is missing.', '{count} answers are missing.'), 'problem');
      const region = problems[0]?.region;
      if (region !== undefined) opened.editor.select([region]);
      return false;
    }
    if (this.context.project.enable_empty_annotation === false && opened.editor.submission().length === 0) {
      this.say(t('Nothing is labelled yet, and this project takes no empty answers. Label something or skip the task.'), 'problem');
      return false;
    }
    return true;
  }

  private submission(opened: OpenTab, skip: boolean): Submission {
    const draft = opened.sync?.target.draft;
    return {
      result: opened.editor.submission(),
      lead_time: opened.leadTime.total(),
      started_at: opened.leadTime.startedAt,
      ...(draft !== null && draft !== undefined && { draft_id: draft }),
      ...opened.tab.parents,
      ...(skip && { was_cancelled: true }),
    };
  }

  private async create(opened: OpenTab, task: TaskRecord, skip: boolean): Promise<void> {
    const id = uuid();
    const stream = this.mode === 'stream';
    const over = this.context.selection;
    const ahead = stream ? this.next.take(task.id) : null;
    const call: Call = {
      method: 'POST',
      path: `api/tasks/${task.id}/annotations/${stream && !ahead && !over ? '?next=1' : ''}`,
      headers: { 'Idempotency-Key': id },
      body: this.submission(opened, skip),
    };
    this.lease.forget();
    const goOn = ahead ? this.show(ahead) : null;
    const delivery = await this.outbox.post({ uuid: id, call, about: `task:${task.id}`, task: task.id, at: Date.now() }, () => {
      // The letter is safe on the device; without a next task there is nothing to do but wait for the server.
      if (stream && !ahead) this.place.value = 'waiting';
    });
    await goOn;
    if (!delivery.ok) {
      this.say(delivery.error.message, 'problem');
      if (ahead) return;
      await this.reopen(opened, task);
      return;
    }
    void opened.sync?.forget();
    const answer = delivery.answer as Submitted;
    this.count(task, skip);
    if (ahead) return;
    if (stream) {
      if (answer.next_task) await this.show(answer.next_task);
      else if (answer.next_task === null) this.place.value = 'finished';
      else await this.goOn();
    } else {
      await this.replaceTab(opened.tab, answer);
      this.say(skip ? t('Skipped.') : t('Submitted.'));
    }
  }

  /** After a refusal: the same rows again, in an editor that saves drafts. */
  private async reopen(opened: OpenTab, task: TaskRecord): Promise<void> {
    this.editors.delete(opened.tab.key);
    const again = await this.make({ ...opened.tab, rows: opened.editor.regions.result(), parents: opened.tab.parents ?? {} }, task);
    batch(() => {
      this.open.value = again;
      this.place.value = 'task';
    });
  }

  private async update(opened: OpenTab, task: TaskRecord, skip: boolean): Promise<void> {
    const annotation = opened.tab.annotation as AnnotationRecord;
    const id = uuid();
    const call: Call = {
      method: 'PATCH',
      path: `api/annotations/${annotation.id}/`,
      headers: { 'Idempotency-Key': id, ...(annotation.updated_at && { 'If-Match': `"${annotation.updated_at}"` }) },
      body: { ...this.submission(opened, skip), was_cancelled: skip },
    };
    const delivery = await this.outbox.post({ uuid: id, call, about: `annotation:${annotation.id}`, task: task.id, at: Date.now() });
    if (delivery.ok) {
      void opened.sync?.forget();
      const record = delivery.answer as AnnotationRecord;
      await this.replaceTab(opened.tab, { ...record, completed_by: record.completed_by ?? annotation.completed_by ?? null });
      this.say(t('Updated.'));
      return;
    }
    if (delivery.error.status === 412) await this.keepBoth(opened, (delivery.error.body as { annotation: AnnotationRecord }).annotation);
    else {
      this.say(delivery.error.message, 'problem');
      await this.reopen(opened, task);
    }
  }

  /** Somebody changed the annotation meanwhile: both versions become tabs, and the person chooses. */
  private async keepBoth(opened: OpenTab, theirs: AnnotationRecord): Promise<void> {
    const rows = opened.editor.regions.result();
    const mine: Tab = { ...copyOf(opened.tab, rows), parents: { parent_annotation: theirs.id }, deviceOnly: true };
    const task = this.task.peek() as TaskRecord;
    // Mine is kept under its own name before the annotation's own log is given up.
    await (await this.make(mine, task)).sync?.kept();
    await opened.sync?.forget();
    this.tabs.value = [mine, ...this.tabs.peek()];
    await this.replaceTab(opened.tab, theirs);
    this.conflict.value = { mine, theirs };
  }

  /** Ends a conflict: `mine` overwrites the other version (which stays in the history), `theirs` drops the copy. */
  async resolveConflict(choice: 'mine' | 'theirs'): Promise<void> {
    const conflict = this.conflict.peek();
    if (!conflict) return;
    const rows = this.rowsOf(conflict.mine);
    const theirs = this.tabs.peek().find((tab) => tab.annotation?.id === conflict.theirs.id);
    this.conflict.value = null;
    await this.editors.get(conflict.mine.key)?.sync?.discard();
    this.tabs.value = this.tabs.peek().filter((tab) => tab.key !== conflict.mine.key);
    if (!theirs) return;
    await this.openTab(theirs.key);
    const editor = this.open.peek()?.editor;
    if (choice !== 'mine' || !editor) return;
    const changes = [...editor.regions.all().map(([key]) => ({ key })), ...rows.map((row) => ({ row }))];
    editor.commit(t('Use my version'), changes);
    await this.submit();
  }

  private count(task: TaskRecord, skip: boolean): void {
    const before = this.counts.peek();
    const isFirst = task.annotations.length === 0;
    this.counts.value = {
      ...before,
      mine_today: before.mine_today + (skip ? 0 : 1),
      done: Math.min(before.total, before.done + (isFirst && !skip && (this.context.project.maximum_annotations ?? 1) <= 1 ? 1 : 0)),
    };
  }

  /** Asks the server for the next task of the stream. */
  async goOn(): Promise<void> {
    this.place.value = 'loading';
    try {
      const { project, selection } = this.context;
      await this.show(await (selection ? api.nextOf(project.id, selection) : api.nextTask(project.id)));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.place.value = 'finished';
      else this.fail(error);
    }
  }

  /** The task that was open before this one in the stream. */
  previousTask(): number | null {
    const at = this.visited.peek().indexOf(this.task.peek()?.id ?? -1);
    return at > 0 ? (this.visited.peek()[at - 1] as number) : null;
  }

  async goBack(): Promise<void> {
    const id = this.previousTask();
    if (id !== null) await this.visit(id);
  }

  /** Opens a task by its number. */
  async visit(id: number): Promise<void> {
    await this.open.peek()?.sync?.save();
    try {
      await this.show(await api.task(id), '');
    } catch (error) {
      this.say(error instanceof ApiError ? error.message : t('The server cannot be reached.'), 'problem');
    }
  }

  private fail(error: unknown): void {
    this.failure.value = error instanceof ApiError ? error.message : t('The server cannot be reached.');
    this.place.value = 'broken';
  }

  async skip(): Promise<void> {
    await this.submit({ skip: true });
  }

  /** Takes an annotation away; asks nothing (the caller does). */
  async remove(tab: Tab): Promise<void> {
    if (!tab.annotation) return;
    try {
      await api.deleteAnnotation(tab.annotation.id);
    } catch (error) {
      this.say(error instanceof ApiError ? error.message : t('The server cannot be reached.'), 'problem');
      return;
    }
    const task = this.task.peek();
    if (!task) return;
    await this.show({ ...task, annotations: task.annotations.filter((annotation) => annotation.id !== tab.annotation?.id) });
    this.say(t('Deleted.'));
  }

  /** Goes back to a former version of the open annotation, on the server. */
  async restoreVersion(version: number): Promise<void> {
    const tab = this.open.peek()?.tab;
    if (!tab?.annotation) return;
    try {
      await this.replaceTab(tab, await api.restore(tab.annotation.id, version));
      this.say(t('Version {version} is back.', { version }));
    } catch (error) {
      this.say(error instanceof ApiError ? error.message : t('The server cannot be reached.'), 'problem');
    }
  }

  /** Changes a setting, here and in the account. */
  changeSettings(change: Partial<EditorSettings>): void {
    this.settings.value = { ...this.settings.peek(), ...change };
    api
      .savePreferences({ editor: this.settings.peek() })
      .catch(() => this.say(t('The setting holds on this page, but could not be saved to your account.'), 'problem'));
  }

  /** The page is being left or hidden. */
  leave(): void {
    this.open.peek()?.editor.collect();
    for (const { sync, leadTime } of this.editors.values()) {
      leadTime.pause();
      sync?.flushOnLeave();
    }
  }

  comeBack(): void {
    this.open.peek()?.leadTime.resume();
    this.outbox?.flush();
  }
}
