import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, type Call } from './api';
import { MemoryStore } from './memory-store';
import { type Letter, Outbox } from './outbox';

const letter = (uuid: string, at = 0): Letter => ({ uuid, call: { method: 'POST', path: `api/${uuid}` }, about: uuid, task: 1, at });

const unexpected = () => expect.unreachable('No letter should be refused here.');

describe('the outbox', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('keeps a letter until the server has answered, and sends it again', async () => {
    const store = new MemoryStore();
    const answers: (() => unknown)[] = [
      () => {
        throw new TypeError('Failed to fetch');
      },
      () => {
        throw new ApiError('Busy', 503, null);
      },
      () => ({ id: 1 }),
    ];
    const sent: Call[] = [];
    const box = new Outbox(store, unexpected, async (call) => {
      sent.push(call);
      return answers.shift()?.();
    });
    const delayed = vi.fn();
    const delivery = box.post(letter('a'), delayed);
    await vi.advanceTimersByTimeAsync(0);
    expect(box.offline.value).toBe(true);
    expect(box.pending.value).toBe(1);
    expect(delayed).toHaveBeenCalledTimes(1);
    expect(await store.range('outbox', ['', 0], ['z', 0])).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await delivery).toEqual({ ok: true, answer: { id: 1 } });
    expect(sent.map((call) => call.path)).toEqual(['api/a', 'api/a', 'api/a']);
    expect(box.pending.value).toBe(0);
    expect(await store.range('outbox', ['', 0], ['z', 0])).toEqual([]);
  });

  it('hands back a refusal and goes on with the next', async () => {
    const box = new Outbox(new MemoryStore(), unexpected, async (call) => {
      if (call.path === 'api/a') throw new ApiError('No.', 400, null);
      return 'fine';
    });
    const [first, second] = [box.post(letter('a')), box.post(letter('b'))];
    await vi.advanceTimersByTimeAsync(0);
    expect(await first).toMatchObject({ ok: false, error: { message: 'No.' } });
    expect(await second).toEqual({ ok: true, answer: 'fine' });
  });

  it('takes up in order what an earlier visit left, and tells of refusals', async () => {
    const store = new MemoryStore();
    await store.put('outbox', ['b', 0], letter('b', 1));
    await store.put('outbox', ['a', 0], letter('a', 2));
    const sent: string[] = [];
    const refused = vi.fn();
    const box = new Outbox(store, refused, async (call) => {
      sent.push(call.path);
      if (call.path === 'api/a') throw new ApiError('Gone.', 404, null);
    });
    await box.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(['api/b', 'api/a']);
    expect(refused).toHaveBeenCalledTimes(1);
    expect(box.pending.value).toBe(0);
  });
});
