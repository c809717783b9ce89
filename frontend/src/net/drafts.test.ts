import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { editorOf, named } from '../core/testing';
import { openDeviceStore } from './device-store';
import { DraftSync } from './draft-sync';
import { LocalDraft } from './local-drafts';
import { MemoryStore } from './memory-store';

const CONFIG =
  '<View><Text name="t" value="x"/><Choices name="c" toName="t"><Choice value="a"/><Choice value="b"/></Choices><TextArea name="n" toName="t"/></View>';
const fail = (error: unknown) => {
  throw error;
};

let user = 0;

describe.each(['a database', 'memory'])('changes kept on this device, in %s', (kind) => {
  beforeEach(() => {
    user += 1;
  });

  it('come back in the next visit as they were', async () => {
    const store = kind === 'memory' ? new MemoryStore() : await openDeviceStore(user);
    expect(store.durable).toBe(kind !== 'memory');
    const editor = editorOf(CONFIG);
    const local = new LocalDraft(store, '1/new', fail);
    editor.onTransaction(({ patches }) => local.append(patches, () => ({ rows: [], extra: { draft: 9 } })));
    editor.setAnswer(named(editor, 'c'), { choices: ['a'] });
    editor.setAnswer(named(editor, 'n'), { text: ['one'] });
    editor.setAnswer(named(editor, 'n'), { text: ['one', 'two'] });
    editor.undo();
    await local.settled();
    const again = await new LocalDraft(store, '1/new', fail).restore();
    expect(again?.rows).toEqual(editor.regions.result());
    expect(again?.extra).toEqual({ draft: 9 });
    expect(await new LocalDraft(store, '2/new', fail).restore()).toBeNull();
  });

  it('go on after a reload, and are forgotten when they are safe elsewhere', async () => {
    const store = kind === 'memory' ? new MemoryStore() : await openDeviceStore(user);
    const first = new LocalDraft(store, 'k', fail);
    const a = { type: 'choices', id: 'a', from_name: 'c', value: { choices: ['a'] } };
    const b = { type: 'choices', id: 'b', from_name: 'c', value: { choices: ['b'] } };
    first.append([{ id: 'a|c|choices', after: a }], () => ({ rows: [], extra: {} }));
    await first.settled();
    const second = new LocalDraft(store, 'k', fail);
    expect((await second.restore())?.rows).toEqual([a]);
    second.append([{ id: 'b|c|choices', after: b }], () => ({ rows: [a], extra: {} }));
    await second.settled();
    expect((await new LocalDraft(store, 'k', fail).restore())?.rows).toEqual([a, b]);
    await second.clear();
    expect(await new LocalDraft(store, 'k', fail).restore()).toBeNull();
  });
});

describe('the draft on the server', () => {
  const calls: { method: string; url: string; body: { result: unknown[] } }[] = [];
  let online = true;

  beforeEach(() => {
    vi.useFakeTimers();
    calls.length = 0;
    online = true;
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (!online) throw new TypeError('Failed to fetch');
      calls.push({ method: init.method as string, url, body: JSON.parse(init.body as string) });
      return new Response(JSON.stringify({ id: 77 }), { status: init.method === 'POST' ? 201 : 200 });
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  function start() {
    const editor = editorOf(CONFIG);
    const sync = new DraftSync(editor, new LocalDraft(new MemoryStore(), 'k', fail), { task: 5, annotation: null, draft: null }, () => 3, {
      rows: [],
      extra: {},
    });
    return { editor, sync };
  }

  it('is made once, then changed, and not for each key stroke', async () => {
    const { editor, sync } = start();
    for (const text of ['h', 'he', 'hey']) {
      editor.setAnswer(named(editor, 'n'), { text: [text] });
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(sync.state.value).toBe('saving');
    await vi.advanceTimersByTimeAsync(2000);
    expect(calls.map(({ method, url }) => [method, url])).toEqual([['POST', '/api/tasks/5/drafts/']]);
    expect(calls[0]?.body.result).toEqual(editor.regions.result());
    expect(sync.state.value).toBe('clean');
    editor.setAnswer(named(editor, 'c'), { choices: ['b'] });
    await vi.advanceTimersByTimeAsync(2000);
    expect(calls.at(-1)).toMatchObject({ method: 'PATCH', url: '/api/drafts/77/' });
  });

  it('waits for the server to come back, and says so', async () => {
    const { editor, sync } = start();
    online = false;
    editor.setAnswer(named(editor, 'c'), { choices: ['b'] });
    await vi.advanceTimersByTimeAsync(2000);
    expect(sync.state.value).toBe('device');
    online = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sync.state.value).toBe('clean');
    expect(calls).toHaveLength(1);
  });

  it('is sent when the page is left, and not after a submit', async () => {
    const { editor, sync } = start();
    editor.setAnswer(named(editor, 'c'), { choices: ['b'] });
    sync.flushOnLeave();
    await vi.advanceTimersByTimeAsync(1);
    expect(calls).toHaveLength(1);
    await sync.stop();
    editor.setAnswer(named(editor, 'c'), { choices: ['a'] });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(calls).toHaveLength(1);
  });
});
