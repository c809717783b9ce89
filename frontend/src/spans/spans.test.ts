import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { editorOf } from '../core/testing';
import { plainFormat } from './format';
import { snap } from './granularity';
import { Marker } from './marker';
import { cutBlocks, pieceAt } from './pieces';
import { registerText, shiftedSpan } from './sources';
import { SpanBoard } from './span-board';
import { TextLayer } from './text-layer';
import { asText } from './text-value';

const CONFIG = '<View><Text name="t" value="$text"/><Labels name="l" toName="t"><Label value="A"/><Label value="B"/></Labels></View>';

describe('a text in pieces', () => {
  it('is covered without gap, cut at line ends where there are any', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9000 }), fc.boolean()), { maxLength: 12 }), (lines) => {
        const text = lines.map(([length, newline]) => 'wörd 😀 '.repeat(Math.ceil(length / 8)).slice(0, length) + (newline ? '\n' : '')).join('');
        const pieces = cutBlocks(text).flatMap((block) => block.pieces);
        let at = 0;
        for (const piece of pieces) {
          expect(piece.start).toBe(at);
          expect(piece.end).toBeGreaterThan(piece.start);
          at = piece.end;
        }
        expect(at).toBe(text.length);
        for (const position of [0, Math.floor(text.length / 2), Math.max(0, text.length - 1)]) {
          if (text.length === 0) continue;
          const piece = pieces[pieceAt(pieces, position)] as { start: number; end: number };
          expect(position >= piece.start && position < piece.end).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('maps positions to the page and back', () => {
    const text = `${'lorem ipsum 😀 dolor\n'.repeat(400)}${'x '.repeat(9000)}`;
    const root = document.createElement('div');
    document.body.append(root);
    const layer = new TextLayer(root, text, () => {});
    expect(root.textContent).toBe(text);
    for (const position of [0, 1, 12, 4096, 8400, 9000, text.length - 1, text.length]) {
      for (const side of ['start', 'end'] as const) {
        const point = layer.point(position, side);
        expect(point && layer.position(point.node, point.offset), `${position} ${side}`).toBe(position);
      }
    }
    expect(layer.range(4090, 8500)?.toString()).toBe(text.slice(4090, 8500));
    expect(layer.position(document.body, 0)).toBeNull();
    layer.destroy();
  });
});

describe('a selection', () => {
  const text = 'One two-three. Four 😀 five?\nSix seven.';
  it('snaps to what the config asks for', () => {
    const words = (from: number, to: number, granularity: string) => {
      const found = snap(text, from, to, granularity);
      return found && text.slice(...found);
    };
    expect(words(1, 6, 'symbol')).toBe('ne tw');
    expect(words(3, 4, 'symbol')).toBeNull();
    expect(words(7, 3, 'symbol')).toBe('two');
    expect(words(5, 6, 'word')).toBe('two');
    expect(words(16, 17, 'sentence')).toBe('Four 😀 five?');
    expect(words(30, 31, 'paragraph')).toBe('Six seven.');
    const emoji = text.indexOf('😀');
    expect(words(emoji, emoji + 1, 'symbol')).toBe('😀');
  });
});

describe('marking', () => {
  const roots: HTMLElement[] = [];
  // Without an observer every piece counts as visible.
  beforeEach(() => void vi.stubGlobal('IntersectionObserver', undefined));
  afterEach(() => {
    vi.unstubAllGlobals();
    for (const root of roots.splice(0)) root.remove();
  });

  function open(text: string) {
    const root = document.createElement('div');
    roots.push(root);
    document.body.append(root);
    const editor = editorOf(CONFIG, { text });
    const node = editor.nodes.get('t') as never;
    const board = new SpanBoard((seen) => new TextLayer(root, text, seen), plainFormat(node), 't', editor);
    const marker = new Marker(editor, node, () => board);
    return { root, editor, board, marker };
  }

  it('stores code points, and the words', () => {
    const text = 'a 😀 Ann works';
    const { editor, marker } = open(text);
    editor.toggleLabel('l', 'A');
    const at = text.indexOf('Ann');
    expect(marker.take(at, at + 3)).toBe(true);
    expect(editor.regions.result()[0]).toMatchObject({ type: 'labels', value: { start: 4, end: 7, text: 'Ann', labels: ['A'] } });
  });

  it('waits for a label when none is active', () => {
    const { editor, marker } = open('Ann works');
    expect(marker.take(0, 3)).toBe(false);
    expect(marker.pending.value).toEqual({ start: 0, end: 3 });
    expect(marker.label(editor.nodes.get('l') as never, 'B')).toBe(true);
    expect(editor.regions.result()[0]?.value).toEqual({ start: 0, end: 3, text: 'Ann', labels: ['B'] });
    expect(marker.pending.value).toBeNull();
  });

  it('paints spans as elements where there are no highlights, overlaps included', async () => {
    const { root, editor, marker, board } = open('Ann works for Acme');
    editor.toggleLabel('l', 'A');
    marker.take(0, 9);
    editor.toggleLabel('l', 'B');
    marker.take(4, 18);
    const marks = () => [...root.querySelectorAll('.text-span')].map((mark) => mark.textContent);
    await vi.waitFor(() => expect(marks()).toEqual(['Ann ', 'works', ' for Acme']));
    expect(root.textContent).toBe('Ann works for Acme');
    expect(board.at(5)).toHaveLength(2);
    expect(board.at(1)).toHaveLength(1);
    const [first] = editor.regions.list();
    editor.setHidden([first?.id as string], true);
    expect(marks()).toEqual(['works for Acme']);
    editor.undo();
    editor.undo();
    expect(root.querySelectorAll('.text-span')).toHaveLength(0);
    board.destroy();
  });

  it('reads the words anew when a border is typed', () => {
    const { editor, marker, board } = open('a😀bcd');
    registerText(editor, 't', board);
    editor.toggleLabel('l', 'A');
    marker.take(0, 3);
    const row = editor.regions.result()[0] as never;
    expect(shiftedSpan('end', 2, row, editor)).toEqual({ start: 0, end: 4, text: 'a😀bc' });
    expect(shiftedSpan('end', 99, row, editor)).toEqual({ start: 0, end: 5, text: 'a😀bcd' });
    expect(shiftedSpan('start', 99, row, editor)).toEqual({ start: 1, end: 2, text: '😀' });
  });
});

describe('the text of a task', () => {
  it('is decoded as the config says, and left as it is when it cannot be', () => {
    expect(asText('aGk=', 'base64')).toBe('hi');
    expect(asText('8J+YgA==', 'base64unicode')).toBe('😀');
    expect(asText('not base64!', 'base64')).toBe('not base64!');
    expect(asText(['a', 'b'], 'none')).toBe('a\nb');
    expect(asText(null, 'none')).toBe('');
    expect(asText({ a: 1 }, 'none')).toBe('{"a":1}');
  });
});
