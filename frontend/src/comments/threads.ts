/** The comments of a task as threads: read, written, answered, resolved. */
import { signal } from '@preact/signals-core';
import { t } from '../core/text';
import type { TaskPerson } from '../core/types';
import { ApiError, send } from '../net/api';
import type { LabelingSession } from '../net/session';
import type { OpenTab } from '../net/tabs';

export interface Comment {
  id: number;
  task: number;
  annotation: number | null;
  draft: number | null;
  parent: number | null;
  text: string;
  region_ref: { regionId?: string } | null;
  is_resolved: boolean;
  created_by: TaskPerson | null;
  created_at: string;
}

export interface Thread {
  first: Comment;
  answers: Comment[];
}

/** What a new comment is about. */
export type About = 'task' | 'annotation' | 'region';

const PATH = 'api/comments/';

export class Threads {
  readonly comments = signal<readonly Comment[]>([]);
  readonly people = signal<readonly TaskPerson[]>([]);
  private task = 0;

  constructor(private readonly session: LabelingSession) {}

  /** Reads the comments of the task; those of another task are dropped at once. */
  async load(task: number): Promise<void> {
    if (task !== this.task) this.comments.value = [];
    this.task = task;
    await this.attempt(async () => {
      const found = await send<Comment[]>({ method: 'GET', path: `${PATH}?task=${task}&expand_created_by=true` });
      if (task === this.task) this.put(found);
    });
  }

  /** People who can be named. Read once. */
  async loadPeople(): Promise<void> {
    if (this.people.peek().length > 0) return;
    await this.attempt(async () => {
      this.people.value = await send<TaskPerson[]>({ method: 'GET', path: 'api/users/' });
    });
  }

  /** Threads, those that are open first, then by age. */
  threads(): Thread[] {
    const all = [...this.comments.value].sort((a, b) => a.id - b.id);
    const firsts = all.filter((comment) => comment.parent === null);
    return firsts
      .map((first) => ({ first, answers: all.filter(({ parent }) => parent === first.id) }))
      .sort((a, b) => Number(a.first.is_resolved) - Number(b.first.is_resolved) || a.first.id - b.first.id);
  }

  /** Whether the comment is about what is open: the task, this annotation, its draft. */
  isAbout(open: OpenTab, comment: Comment): boolean {
    if (comment.annotation !== null) return comment.annotation === open.tab.annotation?.id;
    return comment.draft === null || comment.draft === open.sync?.target.draft;
  }

  /** How many open threads each region of what is open has. */
  byRegion(open: OpenTab): Map<string, number> {
    const found = new Map<string, number>();
    for (const { first } of this.threads()) {
      const region = first.region_ref?.regionId;
      if (region !== undefined && !first.is_resolved && this.isAbout(open, first)) found.set(region, (found.get(region) ?? 0) + 1);
    }
    return found;
  }

  /** Writes a comment about what is open. Answers whether the server has it. */
  async write(text: string, about: About, open: OpenTab, region: string | undefined): Promise<boolean> {
    const task = this.task;
    // A new annotation is known to the server by its draft.
    if (about !== 'task' && !open.tab.annotation) await open.sync?.save();
    const draft = open.sync?.target.draft ?? null;
    const subject =
      about !== 'task' && open.tab.annotation ? { annotation: open.tab.annotation.id } : about !== 'task' && draft !== null ? { draft } : { task };
    return this.attempt(async () => {
      const ref = about === 'region' && region !== undefined && { region_ref: { regionId: region } };
      await this.add({ ...subject, ...ref, text });
    });
  }

  answer(thread: Comment, text: string): Promise<boolean> {
    return this.attempt(() => this.add({ parent: thread.id, text }));
  }

  private async add(body: object): Promise<void> {
    const made = await send<Comment>({ method: 'POST', path: `${PATH}?expand_created_by=true`, body });
    if (made.task === this.task) this.put([...this.comments.peek(), made]);
  }

  resolve(thread: Comment, resolved: boolean): Promise<boolean> {
    return this.attempt(async () => {
      await send({ method: 'PATCH', path: `${PATH}${thread.id}/`, body: { is_resolved: resolved } });
      const isOf = (comment: Comment) => comment.id === thread.id || comment.parent === thread.id;
      this.put(this.comments.peek().map((comment) => (isOf(comment) ? { ...comment, is_resolved: resolved } : comment)));
    });
  }

  change(comment: Comment, text: string): Promise<boolean> {
    return this.attempt(async () => {
      await send({ method: 'PATCH', path: `${PATH}${comment.id}/`, body: { text } });
      this.put(this.comments.peek().map((other) => (other.id === comment.id ? { ...other, text } : other)));
    });
  }

  /** With the first of a thread the thread goes. */
  remove(comment: Comment): Promise<boolean> {
    return this.attempt(async () => {
      await send({ method: 'DELETE', path: `${PATH}${comment.id}/` });
      this.put(this.comments.peek().filter(({ id, parent }) => id !== comment.id && parent !== comment.id));
    });
  }

  private put(comments: readonly Comment[]): void {
    this.comments.value = comments;
    const task = this.session.task.peek();
    const counts = { comment_count: comments.length, unresolved_comment_count: comments.filter(({ is_resolved }) => !is_resolved).length };
    if (task?.id === this.task && (task.comment_count !== counts.comment_count || task.unresolved_comment_count !== counts.unresolved_comment_count))
      this.session.task.value = { ...task, ...counts };
  }

  private async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.session.say(error instanceof ApiError ? error.message : t('The server cannot be reached.'), 'problem');
      return false;
    }
  }
}
