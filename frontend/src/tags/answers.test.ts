/** What the answer tags store, through the functions their views call. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editorOf, named } from '../core/testing';
import { choiceActions } from './choices/keys';
import { isPicked, optionsBelow, toggleOption } from './choices/picked';
import { partsOf, toField, toStored } from './datetime/format';
import { validate } from './datetime/validate';
import number from './number/tag';
import pairwise from './pairwise/tag';
import rating from './rating/tag';
import { scopedCss } from './style/scope';
import { entriesFrom, entriesOf, pathsOf, shownEntries, titlesOf } from './taxonomy/tree';
import { addText, textsIn } from './textarea/texts';

const values = (editor: ReturnType<typeof editorOf>) => editor.regions.result().map((row) => row.value);

describe('Choices', () => {
  const config = (attributes: string, inner = '<Choice value="A" alias="a"/><Choice value="B"><Choice value="B1"/></Choice>') =>
    `<View><Text name="t" value="x"/><Choices name="c" toName="t" ${attributes}>${inner}</Choices></View>`;
  const pick = (editor: ReturnType<typeof editorOf>, ...titles: string[]) => {
    const control = named(editor, 'c');
    const all = optionsBelow(control).flatMap(function flat(option): ReturnType<typeof optionsBelow> {
      return [option, ...option.children.flatMap(flat)];
    });
    for (const title of titles) toggleOption(editor, control, all.find((option) => option.title === title) as never);
  };

  it('store aliases; one replaces the other, and can be taken back', () => {
    const editor = editorOf(config(''));
    pick(editor, 'A');
    expect(values(editor)).toEqual([{ choices: ['a'] }]);
    pick(editor, 'B');
    expect(values(editor)).toEqual([{ choices: ['B'] }]);
    pick(editor, 'B');
    expect(values(editor)).toEqual([]);
  });

  it('store several in the order they were picked', () => {
    const editor = editorOf(config('choice="multiple"'));
    pick(editor, 'B', 'A');
    expect(values(editor)).toEqual([{ choices: ['B', 'a'] }]);
    pick(editor, 'B');
    expect(values(editor)).toEqual([{ choices: ['a'] }]);
  });

  it('store paths when nested, and show no nested ones otherwise', () => {
    expect(optionsBelow(named(editorOf(config('')), 'c')).flatMap((option) => option.children)).toEqual([]);
    const editor = editorOf(config('choice="multiple" allowNested="true"'));
    pick(editor, 'B1');
    expect(values(editor)).toEqual([{ choices: [['B', 'B1']] }]);
  });

  it('know a title where the alias should be, as older results have it', () => {
    const editor = editorOf(config(''), {}, [{ id: 'r', from_name: 'c', to_name: 't', type: 'choices', value: { choices: ['A'] } }]);
    const control = named(editor, 'c');
    expect(isPicked(editor.answer(control), optionsBelow(control)[0] as never)).toBe(true);
  });

  it('have one action per key', () => {
    const editor = editorOf(config('', '<Choice value="A"/><Choice value="B" hotkey="x"/>'));
    const actions = choiceActions(named(editor, 'c'), editor);
    expect(actions.map(({ title, keys }) => [title, keys])).toEqual([
      ['A', ['1']],
      ['B', ['x']],
    ]);
    actions[1]?.run();
    expect(values(editor)).toEqual([{ choices: ['B'] }]);
  });
});

describe('TextArea', () => {
  it('adds texts up to the most, without repeats where they are refused', () => {
    const editor = editorOf('<View><Text name="t" value="x"/><TextArea name="n" toName="t" maxSubmissions="2" skipDuplicates="true"/></View>');
    const node = named(editor, 'n');
    expect(['one', ' One ', '', 'two', 'three'].map((text) => addText(editor, node, text, {}))).toEqual([true, false, false, true, false]);
    expect(values(editor)).toEqual([{ text: ['one', 'two'] }]);
  });

  it('reads a single string too', () => {
    expect(textsIn({ type: 'textarea', value: { text: 'plain' } })).toEqual(['plain']);
  });
});

describe('Rating and Pairwise', () => {
  it('are answered by keys', () => {
    const editor = editorOf(
      '<View><Text name="t" value="x"/><Text name="u" value="y"/><Rating name="r" toName="t" maxRating="2" hotkey="s"/><Pairwise name="p" toName="t,u" leftClass="first"/></View>',
    );
    const [star] = rating.actions?.(named(editor, 'r'), editor) ?? [];
    star?.run();
    star?.run();
    const [left, right] = pairwise.actions?.(named(editor, 'p'), editor) ?? [];
    right?.run();
    left?.run();
    expect(editor.regions.result().map(({ type, to_name, value }) => [type, to_name, value])).toEqual([
      ['rating', 't', { rating: 2 }],
      ['pairwise', 'p', { selected: 'first' }],
    ]);
    star?.run();
    left?.run();
    expect(editor.regions.result()).toEqual([]);
  });
});

describe('Number', () => {
  it('says when a number is out of range', () => {
    const editor = editorOf('<View><Text name="t" value="x"/><Number name="n" toName="t" min="1" max="3"/></View>');
    const node = named(editor, 'n');
    const problems = (value: number) => {
      editor.setAnswer(node, { number: value });
      return number.validate?.(node, editor).length;
    };
    expect([0, 1, 3, 4].map(problems)).toEqual([1, 0, 0, 1]);
  });
});

describe('DateTime', () => {
  it('asks for what `only` names', () => {
    expect(['', 'date', 'time', 'date,time', 'month,year', 'year', 'month', ' time , date '].map(partsOf)).toEqual([
      'date,time',
      'date',
      'time',
      'date,time',
      'month,year',
      'year',
      'month',
      'date,time',
    ]);
  });

  it('stores in the format of the config and reads it back', () => {
    expect(toStored('2026-03-04T16:05', '%d.%m.%Y %I:%M %p', 'date,time')).toBe('04.03.2026 04:05 PM');
    expect(toField('04.03.2026 04:05 PM', '%d.%m.%Y %I:%M %p', 'date,time')).toBe('2026-03-04T16:05');
    expect(toStored('2026-03', '%B %y', 'month,year')).toBe('March 26');
    expect(toField('March 26', '%B %y', 'month,year')).toBe('2026-03');
    expect(toField('2026-03-04T10:30:00', '', 'date,time')).toBe('2026-03-04T10:30');
    expect(toField('some day', '', 'date')).toBe('');
  });

  it('goes there and back for every minute', () => {
    const formats = fc.constantFrom('%Y-%m-%d %H:%M', '%d/%m/%Y %I:%M %p', '%b %d, %Y at %H:%M', '%Y%m%dT%H%M');
    fc.assert(
      fc.property(fc.date({ min: new Date('1970-01-01'), max: new Date('2068-12-31'), noInvalidDate: true }), formats, (date, format) => {
        const field = date.toISOString().slice(0, 16);
        expect(toField(toStored(field, format, 'date,time'), format, 'date,time')).toBe(field);
      }),
    );
  });

  it('says when a date is out of range', () => {
    const editor = editorOf('<View><Text name="t" value="x"/><DateTime name="d" toName="t" only="date" min="2026-01-01"/></View>');
    const node = named(editor, 'd');
    editor.setAnswer(node, { datetime: '2025-12-31' });
    expect(validate(node, editor)).toHaveLength(1);
    editor.setAnswer(node, { datetime: '2026-01-01' });
    expect(validate(node, editor)).toHaveLength(0);
  });
});

describe('Taxonomy', () => {
  const editor = editorOf(
    '<View><Text name="t" value="x"/><Taxonomy name="x" toName="t" value="$more"><Choice value="Animal"><Choice value="Dog" alias="d"/><Choice value="Cat"/></Choice></Taxonomy></View>',
    { more: [{ value: 'Plant', children: [{ value: 'Oak' }] }] },
  );
  const entries = entriesOf(named(editor, 'x'));
  const titles = (open: string[], words = '') =>
    shownEntries(entries, new Set(open), words).map(({ entry, level }) => `${'-'.repeat(level - 1)}${entry.title}`);

  it('shows open branches, and what leads to a match', () => {
    expect(titles([])).toEqual(['Animal', 'Plant']);
    expect(titles(['Animal'])).toEqual(['Animal', '-Dog', '-Cat', 'Plant']);
    expect(titles([], 'oak')).toEqual(['Plant', '-Oak']);
    expect(titles([], 'anim')).toEqual(['Animal']);
    expect(titles([], 'zebra')).toEqual([]);
  });

  it('names paths by titles, also those it does not know', () => {
    expect(titlesOf(entries, ['Animal', 'd'])).toEqual(['Animal', 'Dog']);
    expect(titlesOf(entries, ['Animal', 'gone'])).toEqual(['Animal', 'gone']);
    expect(pathsOf({ type: 'taxonomy', value: { taxonomy: [['Plant', 'Oak'], 'flat'] } })).toEqual([['Plant', 'Oak'], ['flat']]);
  });

  it('reads entries of an address', () => {
    expect(
      entriesFrom(
        {
          items: [
            { label: 'A', isLeaf: false },
            { value: 'B', alias: 'b', children: [{ value: 'C' }] },
          ],
        },
        ['top'],
      ),
    ).toMatchObject([
      { path: ['top', 'A'], children: null },
      { path: ['top', 'b'], title: 'B', children: [{ path: ['top', 'b', 'C'], children: [] }] },
    ]);
  });

  it('lists ten thousand entries in little time', () => {
    const many = Array.from({ length: 100 }, (_, i) => ({
      value: `Group ${i}`,
      children: Array.from({ length: 100 }, (_, j) => ({ value: `Entry ${i}.${j}` })),
    }));
    const big = entriesOf(named(editorOf('<View><Text name="t" value="x"/><Taxonomy name="x" toName="t" value="$more"/></View>', { more: many }), 'x'));
    expect(shownEntries(big, new Set(), 'entry')).toHaveLength(10_100);
  });
});

describe('Taxonomy used for labeling', () => {
  it('stores paths on the span', () => {
    const editor = editorOf(
      '<View><Text name="t" value="x"/><Taxonomy name="x" toName="t" labeling="true"><Choice value="A"><Choice value="B"/></Choice></Taxonomy></View>',
    );
    editor.toggleLabel('x', JSON.stringify(['A', 'B']));
    const id = editor.createRegion({ control: 'x', object: 't', value: { start: 0, end: 1, text: 'x' } });
    expect(editor.regions.result()).toMatchObject([
      { id, type: 'taxonomy', from_name: 'x', to_name: 't', value: { start: 0, end: 1, text: 'x', taxonomy: [['A', 'B']] } },
    ]);
    expect(editor.regions.get(id as string)?.labels).toEqual(['A / B']);
  });
});

describe('Style', () => {
  it('stays inside the task area', () => {
    expect(scopedCss('body { color: red } .a:hover, :root .b { top: 0 }')).toBe('@scope (.task-area) { :scope { color: red } .a:hover, :scope .b { top: 0 } }');
    expect(scopedCss('.tbody { color: red }')).toContain('.tbody {');
  });

  it('cannot end the scope, import or cover the page', () => {
    expect(scopedCss('.a { } } .task-top { display: none }')).toBe('@scope (.task-area) { .a { }  .task-top { display: none } }');
    expect(scopedCss('.a { color: red')).toBe('@scope (.task-area) { .a { color: red} }');
    expect(scopedCss('@import url(x); .a { position : fixed }')).not.toMatch(/import|fixed/);
    expect(scopedCss('.a::after { content: "}" }')).toBe('@scope (.task-area) { .a::after { content: "}" } }');
  });
});
