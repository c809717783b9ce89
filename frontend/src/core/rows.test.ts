import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History, inverse, squash } from './history';
import { Rows } from './rows';
import type { Patch, ResultRow } from './types';

const box = (id: string, x: number, extra: Partial<ResultRow> = {}): ResultRow => ({
  id,
  from_name: 'box',
  to_name: 'image',
  type: 'rectanglelabels',
  value: { x, y: 0, width: 1, height: 1, rotation: 0, rectanglelabels: ['A'] },
  ...extra,
});

describe('rows', () => {
  it('go out in the order and form they came in, known or not', () => {
    const rows: ResultRow[] = [
      box('a', 1, { strange: { deep: [1, null] } }),
      { type: 'unheard-of', whatever: 1 },
      { from_id: 'a', to_id: 'b', type: 'relation', direction: 'bi' },
      box('b', 2),
      box('a', 1),
    ];
    expect(new Rows(rows).result()).toEqual(rows);
  });

  it('of one id are one region', () => {
    const rows = new Rows([
      box('a', 1),
      { id: 'a', from_name: 'ok', to_name: 'image', type: 'choices', value: { x: 1, y: 0, width: 1, height: 1, rotation: 0, choices: ['yes'] } },
    ]);
    expect(rows.list()).toHaveLength(1);
    expect(rows.get('a')?.main.type).toBe('rectanglelabels');
    expect(rows.get('a')?.labels).toEqual(['A']);
  });

  it('that only answer a question are no region', () => {
    expect(new Rows([{ id: 'c', from_name: 'mood', to_name: 'text', type: 'choices', value: { choices: ['x'] } }]).list()).toEqual([]);
  });

  it('come back to their place when a removal is undone', () => {
    const rows = new Rows([box('a', 1), box('b', 2), box('c', 3)]);
    const before = rows.result();
    const [key, row] = rows.entries('b')[0] as [string, ResultRow];
    const patches: Patch[] = [{ id: key, before: row }];
    rows.apply(patches);
    expect(rows.list().map((region) => region.id)).toEqual(['a', 'c']);
    rows.apply(inverse(patches));
    expect(rows.result()).toEqual(before);
    expect(rows.list().map((region) => region.id)).toEqual(['a', 'b', 'c']);
  });

  it('tell listeners once which regions changed', () => {
    const rows = new Rows([box('a', 1), box('b', 2)]);
    const heard: string[][] = [];
    const stop = rows.subscribe(({ ids }) => heard.push([...ids]));
    const [key, row] = rows.entries('b')[0] as [string, ResultRow];
    rows.apply([{ id: key, before: row, after: box('b', 9) }]);
    stop();
    rows.apply([{ id: key, before: box('b', 9), after: row }]);
    expect(heard).toEqual([['b']]);
  });
});

/** Random edits of a few rows, as patches against the rows at that time. */
const edits = fc.array(
  fc.record({ pick: fc.nat(20), kind: fc.constantFrom('add', 'change', 'remove'), x: fc.nat(100), id: fc.constantFrom('p', 'q', 'r', 's') }),
  { maxLength: 30 },
);

function perform(rows: Rows, edit: { pick: number; kind: string; x: number; id: string }): Patch[] {
  const all = rows.all();
  const target = all[edit.pick % Math.max(1, all.length)];
  let patch: Patch;
  if (edit.kind === 'add' || !target) patch = { id: rows.keyFor(box(edit.id, edit.x)), after: box(edit.id, edit.x) };
  else if (edit.kind === 'change') patch = { id: target[0], before: target[1], after: { ...target[1], value: { ...target[1].value, x: edit.x } } };
  else patch = { id: target[0], before: target[1] };
  rows.apply([patch]);
  return [patch];
}

describe('undo', () => {
  it('brings back every earlier state, and redo the last', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const rows = new Rows([box('p', 0), box('q', 0)]);
        const history = new History();
        const states = [rows.result()];
        for (const edit of list) {
          history.record({ patches: perform(rows, edit), label: edit.kind, origin: 'user' });
          states.push(rows.result());
        }
        for (let at = states.length - 2; at >= 0; at -= 1) {
          rows.apply(history.undo()?.patches ?? []);
          expect(rows.result()).toEqual(states[at]);
        }
        expect(history.undo()).toBeUndefined();
        for (let at = 1; at < states.length; at += 1) rows.apply(history.redo()?.patches ?? []);
        expect(rows.result()).toEqual(states.at(-1));
      }),
    );
  });

  it('takes merged steps back in one', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const rows = new Rows([box('p', 0), box('q', 0)]);
        const before = rows.result();
        const history = new History();
        for (const edit of list) history.record({ patches: perform(rows, edit), label: 'drag', origin: 'user' }, 'drag');
        rows.apply(history.undo()?.patches ?? []);
        expect(rows.result()).toEqual(before);
      }),
    );
  });

  it('squashes a change and its inverse to nothing', () => {
    const patch: Patch = { id: 'a', before: box('a', 1), after: box('a', 2) };
    expect(squash([patch], inverse([patch]))).toEqual([]);
  });
});
