import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contextFor } from '../../dev/cases';
import { fakeApi } from '../../dev/fake-api';
import { named } from '../core/testing';
import { LabelingSession } from './session';

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await vi.advanceTimersByTimeAsync(5);
}

async function begin(name: string, mode: 'stream' | 'quick') {
  vi.stubGlobal('indexedDB', undefined);
  const { context, tasks } = contextFor(name, mode);
  const server = fakeApi(context, tasks);
  vi.stubGlobal('fetch', server.fetch);
  const session = new LabelingSession(context);
  await session.start();
  return { session, server, tasks };
}

const editorIn = (session: LabelingSession) => session.open.value?.editor as NonNullable<LabelingSession['open']['value']>['editor'];

describe('a stream', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('goes on to the task that comes with the answer, and ends when none is left', async () => {
    const { session, server, tasks } = await begin('choices', 'stream');
    for (const task of tasks) {
      expect(session.task.value?.id).toBe(task.id);
      const editor = editorIn(session);
      editor.setAnswer(named(editor, 'mood'), { choices: ['Happy'] });
      void session.submit();
      await settled();
    }
    expect(session.place.value).toBe('finished');
    expect(tasks.map((task) => task.annotations.length)).toEqual([1, 1, 1, 1]);
    const submits = server.log.filter(({ path }) => path.endsWith('/annotations/?next=1'));
    expect(submits).toHaveLength(4);
    expect(session.counts.value.mine_today).toBe(16);
  });

  it('shows a task that was fetched ahead at once', async () => {
    const { session, server } = await begin('choices', 'stream');
    await vi.advanceTimersByTimeAsync(1000);
    server.offline = true;
    const editor = editorIn(session);
    editor.setAnswer(named(editor, 'mood'), { choices: ['Happy'] });
    void session.submit();
    await vi.advanceTimersByTimeAsync(1);
    expect(session.task.value?.id).toBe(2);
    await vi.advanceTimersByTimeAsync(20);
    expect(session.saved.value).toBe('device');
    server.offline = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(session.saved.value).toBe('saved');
    expect(server.tasks[0]?.annotations).toHaveLength(1);
  });

  it('does not submit without a required answer, but lets it be skipped', async () => {
    const { session, tasks } = await begin('choices', 'stream');
    // The annotation begins with what the model says.
    expect(editorIn(session).regions.result()).toMatchObject([{ type: 'choices' }]);
    editorIn(session).setAnswer(named(editorIn(session), 'mood'), null);
    await session.submit();
    expect(session.problems.value).toHaveLength(1);
    expect(tasks[0]?.annotations).toHaveLength(0);
    void session.skip();
    await settled();
    expect(tasks[0]?.annotations[0]).toMatchObject({ was_cancelled: true, result: [] });
    expect(session.task.value?.id).toBe(2);
  });

  it('counts an answer once when the server heard it twice', async () => {
    const { session, server, tasks } = await begin('choices', 'stream');
    const real = server.fetch;
    let lost = true;
    vi.stubGlobal('fetch', async (...call: Parameters<typeof real>) => {
      const answer = await real(...call);
      if (lost && call[1]?.method === 'POST') {
        lost = false;
        throw new TypeError('The connection broke after the server had answered.');
      }
      return answer;
    });
    const editor = editorIn(session);
    editor.setAnswer(named(editor, 'mood'), { choices: ['Happy'] });
    void session.submit();
    await vi.advanceTimersByTimeAsync(5000);
    expect(tasks[0]?.annotations).toHaveLength(1);
    expect(session.task.value?.id).toBe(2);
  });

  it('shows the task again when its answer was refused, with everything in it', async () => {
    const { session, server } = await begin('choices', 'stream');
    const real = server.fetch;
    vi.stubGlobal('fetch', async (...call: Parameters<typeof real>) =>
      String(call[0]).includes('/annotations/') ? new Response('{"detail":"The project is being moved."}', { status: 409 }) : real(...call),
    );
    const editor = editorIn(session);
    editor.setAnswer(named(editor, 'mood'), { choices: ['Happy'] });
    void session.submit();
    await settled();
    expect(session.messages.value.map(({ sentence }) => sentence)).toContain('The project is being moved.');
    expect(session.task.value?.id).toBe(1);
    expect(editorIn(session).regions.result()).toMatchObject([{ value: { choices: ['Happy'] } }]);
  });
});

describe('one task with its annotations', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('updates against the version that was read, and keeps both when somebody was faster', async () => {
    const { session, server } = await begin('ner', 'quick');
    const editor = editorIn(session);
    expect(session.open.value?.tab.key).toBe('annotation:500');
    editor.deleteRegions(['aaaaaaaaaa']);
    server.touch(500);
    void session.submit();
    await settled();
    expect(session.conflict.value).not.toBeNull();
    expect(session.tabs.value.map((tab) => tab.rows.length)).toEqual([2, 0]);
    expect(editorIn(session).regions.size).toBe(0);
    void session.resolveConflict('mine');
    await settled();
    expect(server.annotationOf('500')?.result.map((row) => row.id)).toEqual(['bbbbbbbbbb', 'cccccccccc']);
    expect(session.conflict.value).toBeNull();
    expect(session.tabs.value).toHaveLength(1);
  });

  it('copies a prediction, marks where it came from, and names its parent', async () => {
    const { session, server } = await begin('choices', 'quick');
    await session.openTab('prediction:900');
    expect(editorIn(session).readonly.value).toBe(true);
    await session.addTab(session.open.value?.tab);
    expect(editorIn(session).regions.result()).toMatchObject([{ origin: 'prediction', value: { choices: ['Happy'] } }]);
    void session.submit();
    await settled();
    expect(server.log.find(({ path }) => path === '/api/tasks/1/annotations/')?.body).toMatchObject({ parent_prediction: 900 });
    expect(session.open.value?.tab.kind).toBe('annotation');
  });

  it('brings a former version back', async () => {
    const { session, server } = await begin('ner', 'quick');
    editorIn(session).deleteRegions(['aaaaaaaaaa', 'bbbbbbbbbb']);
    void session.submit();
    await settled();
    expect(server.annotationOf('500')?.result).toHaveLength(1);
    void session.restoreVersion(1);
    await settled();
    expect(editorIn(session).regions.size).toBe(3);
  });
});
