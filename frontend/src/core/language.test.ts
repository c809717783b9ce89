import { describe, expect, it } from 'vitest';
import { ActionRegistry } from './actions';
import { presetAnswers } from './answers';
import { parseConfig } from './config';
import { expandConfig } from './expand';
import { assignHotkeys } from './hotkeys';
import { actionsFor, keysOf, normalizeKeys, pressedKeys } from './keymap';
import { walk } from './node';
import { outline } from './outline';
import { findProblems } from './required';
import { editorOf, named } from './testing';

const names = (config: string, data: unknown) => [...walk(expandConfig(parseConfig(config), data))].filter((node) => node.name).map((node) => node.name);

describe('a Repeater', () => {
  const page = '<View><Text name="t_{{i}}" value="$pages[{{i}}].text"/><Choices name="c_{{i}}" toName="t_{{i}}"><Choice value="a{{i}}"/></Choices></View>';
  it('is unrolled for the task', () => {
    const config = `<View><Repeater on="$pages" indexFlag="{{i}}">${page}</Repeater></View>`;
    const data = { pages: [{ text: 'one' }, { text: 'two' }] };
    expect(names(config, data)).toEqual(['t_0', 'c_0', 't_1', 'c_1']);
    const editor = editorOf(config, data);
    expect(named(editor, 't_1').value).toBe('two');
    expect(named(editor, 'c_1').toName).toEqual(['t_1']);
    expect(editor.labelsOf('c_1').map((choice) => choice.stored)).toEqual(['a1']);
  });

  it('in pages becomes one view that turns', () => {
    const root = expandConfig(parseConfig(`<View><Repeater on="$pages" indexFlag="{{i}}" mode="pagination">${page}</Repeater></View>`), {
      pages: [{}, {}, {}],
    });
    expect(root.children[0]).toMatchObject({ tag: 'PagedView' });
    expect(root.children[0]?.children).toHaveLength(3);
  });

  it('inside another is unrolled too', () => {
    const config =
      '<View><Repeater on="$a" indexFlag="{{i}}"><Repeater on="$a[{{i}}].b" indexFlag="{{j}}"><Text name="t_{{i}}_{{j}}" value="$a[{{i}}].b[{{j}}]"/></Repeater></Repeater></View>';
    expect(names(config, { a: [{ b: ['x', 'y'] }, { b: ['z'] }] })).toEqual(['t_0_0', 't_0_1', 't_1_0']);
  });
});

describe('labels that the task brings', () => {
  it('stand after those of the config', () => {
    const editor = editorOf('<View><Text name="t" value="x"/><Labels name="l" toName="t" value="$more"><Label value="A"/></Labels></View>', {
      more: ['B', { value: 'C', alias: 'c', background: '#123456', hotkey: 'x' }],
    });
    expect(editor.labelsOf('l').map(({ stored, title }) => [stored, title])).toEqual([
      ['A', 'A'],
      ['B', 'B'],
      ['c', 'C'],
    ]);
    expect(editor.label('l', 'c')).toMatchObject({ color: '#123456', hotkey: 'x' });
  });
});

describe('keys of labels', () => {
  it('go in order over the whole config; explicit ones are left out', () => {
    const root = expandConfig(
      parseConfig(
        '<View><Relations><Relation value="r"/></Relations><Text name="t" value="x"/><Labels name="l" toName="t"><Label value="A"/><Label value="B" hotkey="2"/><Label value="C"/></Labels><Choices name="c" toName="t"><Choice value="D"/></Choices><Choices name="s" toName="t" layout="select"><Choice value="E"/></Choices></View>',
      ),
      {},
    );
    const keys = assignHotkeys(root);
    expect([...walk(root)].filter((node) => keys.has(node.key)).map((node) => [node.attributes.value, keys.get(node.key)])).toEqual([
      ['A', '1'],
      ['B', '2'],
      ['C', '3'],
      ['D', '4'],
    ]);
  });
});

describe('a key press', () => {
  const press = (key: string, code = '', modifiers = '') => ({
    key,
    code,
    ctrlKey: modifiers.includes('c'),
    metaKey: modifiers.includes('m'),
    altKey: modifiers.includes('a'),
    shiftKey: modifiers.includes('s'),
  });
  it('is written in one way', () => {
    expect(normalizeKeys('Shift + Ctrl+Z')).toBe('ctrl+shift+z');
    expect(normalizeKeys('⌘+Enter')).toBe('ctrl+enter');
    expect(normalizeKeys('+')).toBe('plus');
    expect(pressedKeys(press('Z', 'KeyZ', 'cs'))).toContain('ctrl+shift+z');
    expect(pressedKeys(press('Enter', 'Enter', 'm'))).toEqual(['ctrl+enter']);
    expect(pressedKeys(press('!', 'Digit1', 's'))).toContain('shift+1');
    expect(pressedKeys(press('?', 'Slash', 's'))).toContain('?');
    expect(pressedKeys(press('®', 'KeyR', 'a'))).toContain('alt+r');
    expect(pressedKeys(press('Shift', 'ShiftLeft', 's'))).toEqual([]);
  });

  it('chooses the label before the tool, and nothing that is switched off', () => {
    const registry = new ActionRegistry();
    registry.register(
      { id: 'tool:brush', title: 'Brush', group: 'Tools', keys: ['b'], run: () => {} },
      { id: 'label:l:Bird', title: 'Bird', group: 'Labels', keys: ['b'], run: () => {} },
      { id: 'annotation:submit', title: 'Submit', group: 'A', keys: ['ctrl+enter'], inFields: true, run: () => {} },
    );
    expect(actionsFor(registry, {}, press('b', 'KeyB'), false).map(({ id }) => id)).toEqual(['label:l:Bird', 'tool:brush']);
    expect(actionsFor(registry, {}, press('b', 'KeyB'), true)).toEqual([]);
    expect(actionsFor(registry, {}, press('Enter', 'Enter', 'c'), true)).toHaveLength(1);
    expect(actionsFor(registry, { 'annotation:submit': { key: 'ctrl+s', active: true } }, press('Enter', 'Enter', 'c'), false)).toEqual([]);
    expect(keysOf({ id: 'x', keys: ['a'] }, { x: { key: 'b', active: false } })).toEqual([]);
  });
});

describe('visibility', () => {
  const config =
    '<View><Text name="t" value="x"/><Labels name="l" toName="t"><Label value="A"/><Label value="B"/></Labels><View visibleWhen="region-selected" whenTagName="l" whenLabelValue="A"><TextArea name="note" toName="t"/></View><Rating name="stars" toName="t" visibleWhen="no-region-selected"/><Choices name="c" toName="t" perRegion="true"><Choice value="q"/></Choices><Choices name="d" toName="t" visibleWhen="choice-unselected" whenTagName="c"><Choice value="z"/></Choices></View>';
  const rows = ['A', 'B'].map((label, n) => ({ id: label, from_name: 'l', to_name: 't', type: 'labels', value: { start: n, end: n + 1, labels: [label] } }));
  it('follows the selected region and its labels', () => {
    const editor = editorOf(config, {}, rows);
    const shown = () => ['note', 'stars', 'c', 'd'].filter((name) => editor.isVisible(named(editor, name)));
    expect(shown()).toEqual(['stars', 'd']);
    editor.select(['A']);
    expect(shown()).toEqual(['note', 'c', 'd']);
    editor.setAnswer(named(editor, 'c'), { choices: ['q'] });
    expect(shown()).toEqual(['note', 'c']);
    editor.select(['B']);
    expect(shown()).toEqual(['c', 'd']);
  });
});

describe('required answers', () => {
  const none = () => [];
  it('are asked for once, per region, and only where they are shown', () => {
    const editor = editorOf(
      '<View><Text name="t" value="x"/><Labels name="l" toName="t"><Label value="A"/></Labels><Choices name="c" toName="t" required="true" requiredMessage="Choose!"><Choice value="q"/></Choices><TextArea name="n" toName="t" perRegion="true" required="true"/><Rating name="r" toName="t" required="true" visibleWhen="choice-selected" whenTagName="c"/></View>',
      {},
      [{ id: 'a', from_name: 'l', to_name: 't', type: 'labels', value: { start: 0, end: 1, labels: ['A'] } }],
    );
    expect(findProblems(editor, none).map(({ message, region }) => [message, region])).toEqual([
      ['Choose!', undefined],
      ['An answer is needed here.', 'a'],
    ]);
    editor.setAnswer(named(editor, 'c'), { choices: ['q'] });
    editor.setAnswer(named(editor, 'n'), { text: ['  '] }, { scope: { region: 'a' } });
    expect(findProblems(editor, none).map(({ node }) => node.name)).toEqual(['n', 'r']);
    editor.setAnswer(named(editor, 'n'), { text: ['seen'] }, { scope: { region: 'a' } });
    editor.setAnswer(named(editor, 'r'), { rating: 3 });
    expect(findProblems(editor, none)).toEqual([]);
  });
});

describe('a fresh annotation', () => {
  it('starts with what the config presets', () => {
    const root = expandConfig(
      parseConfig(
        '<View><Text name="t" value="x"/><Choices name="c" toName="t"><Choice value="a" alias="A" selected="true"/><Choice value="b" selected="true"/></Choices><TextArea name="n" toName="t" value="$guess"/><Rating name="r" toName="t" defaultValue="2"/><Number name="k" toName="t" defaultValue="7"/><Number name="m" toName="t"/></View>',
      ),
      { guess: 'hm' },
    );
    expect(presetAnswers(root, () => 'id').map((row) => row.value)).toEqual([{ choices: ['A'] }, { text: ['hm'] }, { rating: 2 }, { number: 7 }]);
  });
});

describe('the outline', () => {
  const region = (id: string, start: number, label: string, extra = {}) => ({
    id,
    from_name: 'l',
    to_name: 't',
    type: 'labels',
    value: { start, end: start + 1, labels: [label] },
    ...extra,
  });
  const editor = editorOf('<View><Text name="t" value="x"/><Labels name="l" toName="t"><Label value="A"/><Label value="B"/></Labels></View>', {}, [
    region('x', 9, 'B', { score: 0.1 }),
    region('y', 1, 'A', { score: 0.9, parentID: 'x' }),
    region('z', 5, 'A'),
  ]);
  const ids = (...options: [Parameters<typeof outline>[1], boolean?, string[]?]) =>
    outline(editor, options[0], options[1] ?? false, new Set(options[2]))
      .slice(0, 99)
      .map((item) => `${'-'.repeat(item.level - 1)}${item.region.id}`);
  it('nests, sorts and folds', () => {
    expect(ids('time')).toEqual(['x', '-y', 'z']);
    expect(ids('time', true)).toEqual(['z', 'x', '-y']);
    expect(ids('place')).toEqual(['z', 'x', '-y']);
    expect(ids('label')).toEqual(['z', 'x', '-y']);
    expect(ids('time', false, ['x'])).toEqual(['x', 'z']);
  });
});
