import { afterEach, describe, expect, it } from 'vitest';
import { OffsetIndex } from '../../core/offsets';
import { editorOf, named } from '../../core/testing';
import { NodeLayer } from '../../spans/node-layer';
import { phraseFormat, phraseStretches } from './format';
import { phraseAt, readPhrases } from './phrases';

const roots: HTMLElement[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) root.remove();
});

function node(attributes = '') {
  return named(editorOf(`<View><Paragraphs name="p" value="$d" ${attributes}/></View>`, {}), 'p');
}

function shown(texts: readonly string[]) {
  const root = document.createElement('div');
  roots.push(root);
  document.body.append(root);
  for (const text of texts) {
    const phrase = document.createElement('div');
    phrase.append(document.createElement('button'), Object.assign(document.createElement('div'), { className: 'phrase-text', textContent: text }));
    root.append(phrase);
  }
  const layer = new NodeLayer(root, phraseStretches([...root.querySelectorAll<HTMLElement>('.phrase-text')]), { frame: null, hasBlocks: true }, () => {});
  return { layer, format: phraseFormat(node())(layer, new OffsetIndex(layer.text)) };
}

describe('a span of a dialogue', () => {
  it('counts code points from the start of its phrase', () => {
    const { layer, format } = shown(['Hello there', '', '😀 Good morning']);
    expect(layer.text).toBe('Hello there\n\n😀 Good morning');
    const at = layer.text.indexOf('Good');
    const value = { start: '2', end: '2', startOffset: 2, endOffset: 6, text: 'Good' };
    expect(format.write(at, at + 4)).toEqual(value);
    expect(format.read(value)).toEqual({ start: at, end: at + 4 });
    // As Label Studio counts: the smiley is two units.
    expect(format.read({ ...value, startOffset: 3, endOffset: 7 })).toEqual({ start: at, end: at + 4 });
    expect(format.read({ ...value, start: 2, end: 2 })).toEqual({ start: at, end: at + 4 });
  });

  it('goes on over several phrases', () => {
    const { layer, format } = shown(['One', 'Two', 'Three']);
    expect(format.write(1, layer.text.indexOf('ree'))).toEqual({ start: '0', end: '2', startOffset: 1, endOffset: 2, text: 'ne\nTwo\nTh' });
    expect(format.read({ start: '7', end: '8', startOffset: 0, endOffset: 1 })).toBeNull();
  });
});

describe('the phrases of a task', () => {
  it('are read by the keys of the config, with times where there are some', () => {
    const phrases = readPhrases(node('nameKey="who" textKey="said"'), [
      { who: 'Ann', said: 'Hi', start: 0 },
      { who: 'Bob', said: 'Yo', start: '1.5', duration: 2 },
    ]);
    expect(phrases).toEqual([
      { author: 'Ann', text: 'Hi', start: 0, end: 1.5 },
      { author: 'Bob', text: 'Yo', start: 1.5, end: 3.5 },
    ]);
    expect([0, 1.5, 4].map((time) => phraseAt(phrases, time))).toEqual([0, 1, -1]);
    expect(() => readPhrases(node(), 'no list')).toThrow('list of phrases');
  });
});
