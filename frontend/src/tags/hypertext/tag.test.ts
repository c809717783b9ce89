import { afterEach, describe, expect, it } from 'vitest';
import { OffsetIndex } from '../../core/offsets';
import { editorOf, named } from '../../core/testing';
import { snapIn } from '../../spans/granularity';
import { htmlStretches, NodeLayer } from '../../spans/node-layer';
import { htmlFormat, nodeAt, pathTo } from './format';

const roots: HTMLElement[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) root.remove();
});

function shown(html: string) {
  const root = document.createElement('div');
  roots.push(root);
  document.body.append(root);
  root.innerHTML = html;
  const layer = new NodeLayer(root, htmlStretches(root), { frame: null, hasBlocks: true }, () => {});
  const node = named(editorOf('<View><HyperText name="h" value="$h"/></View>', { h: html }), 'h');
  return { root, layer, format: htmlFormat(node)(layer, new OffsetIndex(layer.text)) };
}

describe('a span of HTML', () => {
  it('is written by paths and by offsets of the whole text, and found again by either', () => {
    const { layer, format } = shown('<div><h1>Title one</h1><p>Hello <b>bold</b> 😀 world<br>of hypertext.</p></div>');
    const start = layer.text.indexOf('Hello');
    const value = format.write(start, start + 5);
    expect(value).toEqual({
      start: '/div[1]/p[1]/text()[1]',
      startOffset: 0,
      end: '/div[1]/p[1]/text()[1]',
      endOffset: 5,
      globalOffsets: { start: 9, end: 14 },
      text: 'Hello',
    });
    const at = layer.text.indexOf('world');
    const long = format.write(at, layer.text.length);
    // The smiley is one code point, the line break one character.
    expect(long).toMatchObject({
      start: '/div[1]/p[1]/text()[2]',
      startOffset: 3,
      end: '/div[1]/p[1]/text()[3]',
      endOffset: 13,
      globalOffsets: { start: 22, end: 41 },
    });
    for (const written of [value, long]) {
      const place = format.read(written);
      expect(place && format.write(place.start, place.end)).toEqual(written);
      const byOffsets = format.read({ globalOffsets: written.globalOffsets });
      expect(byOffsets).toEqual(place);
      expect(format.read({ ...written, start: '/nav[4]/text()[1]' })).toEqual(place);
    }
  });

  it('has a path for every node', () => {
    const { root } = shown('text<p>a<i>b</i>c</p>tail<p><span>x</span></p>');
    for (const node of [root.firstChild, root.querySelector('i')?.firstChild, root.querySelector('span')?.firstChild, root.childNodes[2]]) {
      const path = pathTo(node as Node, root);
      expect(nodeAt(path, root), path).toBe(node);
    }
    expect(pathTo(root.querySelector('i')?.nextSibling as Node, root)).toBe('/p[1]/text()[2]');
  });

  it('snaps to words and sentences that end with their block', () => {
    const { layer } = shown('<p>First one.</p><p>Second\n two. Third.</p>');
    const at = layer.text.indexOf('econd');
    const words = (from: number, to: number, granularity: string) => layer.text.slice(...(snapIn(layer, from, to, granularity) as [number, number]));
    expect(words(at, at + 2, 'word')).toBe('Second');
    expect(words(at, at + 2, 'sentence')).toBe('Second\n two.');
    expect(words(at, at + 2, 'paragraph')).toBe('Second\n two. Third.');
    expect(words(2, at + 2, 'word')).toBe('First one.Second');
  });

  it('maps points between elements', () => {
    const { root, layer } = shown('<p>ab</p><p>cd</p>');
    expect(layer.position(root, 0)).toBe(0);
    expect(layer.position(root, 1)).toBe(2);
    expect(layer.position(root, 2)).toBe(4);
    expect(layer.range(1, 3)?.toString()).toBe('bc');
  });
});
