import { describe, expect, it } from 'vitest';
import { duplicate, noteOf, setLocked, setNote } from './region-edits';
import { addRelation, changeRelation, relationsOf } from './relations';
import { editorOf, named } from './testing';

const BOXES =
  '<View><Image name="i" value="$image"/><RectangleLabels name="box" toName="i"><Label value="Car"/><Label value="Bus" alias="b" maxUsages="1"/></RectangleLabels><Choices name="state" toName="i" perRegion="true"><Choice value="new"/><Choice value="old"/></Choices></View>';
const PLAIN =
  '<View><Image name="i" value="$image"/><Labels name="l" toName="i"><Label value="Car"/><Label value="Bus"/></Labels><Rectangle name="r" toName="i"/></View>';
const GEOMETRY = { x: 10, y: 20, width: 30, height: 40, rotation: 0 };
const EXTRA = { original_width: 500, original_height: 300, image_rotation: 0 };

describe('a drawn region', () => {
  it('carries the active label and the envelope of its object', () => {
    const editor = editorOf(BOXES);
    editor.toggleLabel('box', 'b');
    const id = editor.createRegion({ control: 'box', object: 'i', value: GEOMETRY, extra: EXTRA });
    expect(editor.regions.result()).toEqual([
      { ...EXTRA, value: { ...GEOMETRY, rectanglelabels: ['b'] }, id, from_name: 'box', to_name: 'i', type: 'rectanglelabels', origin: 'manual' },
    ]);
    expect(editor.colorOf(editor.regions.get(id as string) as never)).toBe(editor.label('box', 'b')?.color);
  });

  it('is refused without a label, and past the most usages', () => {
    const editor = editorOf(BOXES);
    expect(editor.createRegion({ control: 'box', object: 'i', value: GEOMETRY })).toBeNull();
    editor.toggleLabel('box', 'b');
    expect(editor.createRegion({ control: 'box', object: 'i', value: GEOMETRY })).not.toBeNull();
    editor.select([]);
    expect(editor.createRegion({ control: 'box', object: 'i', value: GEOMETRY })).toBeNull();
    expect(editor.regions.size).toBe(1);
  });

  it('of a plain shape has a second row for its label', () => {
    const editor = editorOf(PLAIN);
    editor.toggleLabel('l', 'Car');
    const id = editor.createRegion({ control: 'r', object: 'i', value: GEOMETRY, extra: EXTRA });
    expect(editor.regions.result().map((row) => [row.id, row.type, row.value])).toEqual([
      [id, 'rectangle', GEOMETRY],
      [id, 'labels', { ...GEOMETRY, labels: ['Car'] }],
    ]);
    editor.relabel([id as string], 'l', ['Bus']);
    expect(editor.regions.get(id as string)?.labels).toEqual(['Bus']);
    editor.relabel([id as string], 'l', []);
    expect(editor.regions.result().map((row) => row.type)).toEqual(['rectangle']);
  });

  it('moves with its answers, in one step of undo per drag', () => {
    const editor = editorOf(BOXES);
    editor.toggleLabel('box', 'Car');
    const id = editor.createRegion({ control: 'box', object: 'i', value: GEOMETRY, extra: EXTRA }) as string;
    expect([...editor.selection.value]).toEqual([id]);
    editor.setAnswer(named(editor, 'state'), { choices: ['new'] });
    expect(editor.regions.result()[1]).toEqual({
      ...EXTRA,
      value: { ...GEOMETRY, choices: ['new'] },
      id,
      from_name: 'state',
      to_name: 'i',
      type: 'choices',
      origin: 'manual',
    });
    for (const x of [11, 12, 13]) editor.updateRegion(id, { x }, { merge: 'drag' });
    expect(editor.regions.result().map((row) => row.value?.x)).toEqual([13, 13]);
    expect(editor.regions.result()[1]?.value?.choices).toEqual(['new']);
    editor.undo();
    expect(editor.regions.result().map((row) => row.value?.x)).toEqual([10, 10]);
  });

  it('that is locked or in a read-only annotation stays as it is', () => {
    const editor = editorOf(BOXES);
    editor.toggleLabel('box', 'Car');
    const id = editor.createRegion({ control: 'box', object: 'i', value: GEOMETRY }) as string;
    setLocked(editor, [id], true);
    editor.updateRegion(id, { x: 1 });
    editor.deleteRegions([id]);
    expect(editor.regions.get(id)?.main.value?.x).toBe(10);
    setLocked(editor, [id], false);
    expect('readonly' in (editor.regions.result()[0] as object)).toBe(false);
    editor.readonly.value = true;
    editor.deleteRegions([id]);
    expect(editor.regions.size).toBe(1);
  });
});

describe('a predicted region', () => {
  it('says when it was changed, and keeps its score', () => {
    const row = {
      id: 'p',
      from_name: 'box',
      to_name: 'i',
      type: 'rectanglelabels',
      origin: 'prediction',
      score: 0.8,
      value: { ...GEOMETRY, rectanglelabels: ['Car'] },
    };
    const editor = editorOf(BOXES, {}, [row]);
    editor.updateRegion('p', { x: 10 });
    expect(editor.regions.result()[0]?.origin).toBe('prediction');
    editor.updateRegion('p', { x: 11 });
    expect(editor.regions.result()[0]).toMatchObject({ origin: 'prediction-changed', score: 0.8 });
  });
});

describe('deleting', () => {
  it('takes relations along and frees children', () => {
    const editor = editorOf(BOXES);
    editor.toggleLabel('box', 'Car');
    const [a, b] = [0, 1].map(() => {
      editor.select([]);
      return editor.createRegion({ control: 'box', object: 'i', value: GEOMETRY }) as string;
    }) as [string, string];
    expect(addRelation(editor, a, b)).toBe(true);
    expect(addRelation(editor, a, b)).toBe(false);
    changeRelation(editor, relationsOf(editor)[0] as never, { direction: 'bi', labels: ['near'] });
    expect(editor.regions.result().at(-1)).toEqual({ from_id: a, to_id: b, type: 'relation', direction: 'bi', labels: ['near'] });
    editor.deleteRegions([a]);
    expect(relationsOf(editor)).toEqual([]);
    editor.undo();
    expect(relationsOf(editor)).toHaveLength(1);
  });
});

describe('notes and copies', () => {
  it('keep a note in meta.text, and copy regions with answers under new ids', () => {
    const editor = editorOf(BOXES);
    editor.toggleLabel('box', 'Car');
    const id = editor.createRegion({ control: 'box', object: 'i', value: GEOMETRY }) as string;
    setNote(editor, id, 'blurred');
    expect(editor.regions.result()[0]?.meta).toEqual({ text: ['blurred'] });
    expect(noteOf(editor.regions.get(id)?.rows ?? [])).toBe('blurred');
    editor.setAnswer(named(editor, 'state'), { choices: ['old'] });
    const [copy] = duplicate(editor, [id]) as [string];
    expect(copy).not.toBe(id);
    expect(editor.regions.get(copy)?.rows.map((row) => row.type)).toEqual(['rectanglelabels', 'choices']);
    setNote(editor, id, '');
    expect('meta' in (editor.regions.result()[0] as object)).toBe(false);
  });
});

describe('answers', () => {
  it('are per item where the config says so', () => {
    const editor = editorOf(
      '<View><Image name="i" valueList="$images"/><Choices name="page" toName="i" perItem="true"><Choice value="cover"/></Choices></View>',
    );
    const page = named(editor, 'page');
    editor.item('i').value = 1;
    editor.setAnswer(page, { choices: ['cover'] });
    expect(editor.regions.result()).toMatchObject([{ item_index: 1, type: 'choices' }]);
    editor.item('i').value = 0;
    expect(editor.answer(page)).toBeUndefined();
  });

  it('of hidden questions are not submitted, but kept in the draft', () => {
    const editor = editorOf(
      '<View><Text name="t" value="x"/><Choices name="c" toName="t"><Choice value="yes" alias="y"/><Choice value="no"/></Choices><View visibleWhen="choice-selected" whenTagName="c" whenChoiceValue="yes"><TextArea name="why" toName="t"/></View></View>',
    );
    const [choice, why] = [named(editor, 'c'), named(editor, 'why')];
    editor.setAnswer(choice, { choices: ['y'] });
    expect(editor.isVisible(why)).toBe(true);
    editor.setAnswer(why, { text: ['because'] });
    editor.setAnswer(choice, { choices: ['no'] });
    expect(editor.isVisible(why)).toBe(false);
    expect(editor.submission().map((row) => row.from_name)).toEqual(['c']);
    expect(editor.regions.result()).toHaveLength(2);
  });
});
