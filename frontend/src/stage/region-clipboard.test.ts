import { expect, test } from 'vitest';
import { box, LABELLED, makeEditor, makeScene } from './fixtures';
import { copy, duplicate, paste, reorder } from './region-clipboard';

const EXTRA = { original_width: 1000, original_height: 500, image_rotation: 0 };
const open = (rows = [box('one', 10, 10, 20, 20, { score: 0.5, origin: 'prediction' })], config = LABELLED) => {
  const made = makeEditor(config, rows);
  return { ...made, ...makeScene(made.editor) };
};
const rows = (editor: ReturnType<typeof open>['editor']) => editor.rows().map(([, row]) => row);

test('a copy lies beside its original, has an id of its own and is made by hand', () => {
  const { editor, scene } = open();
  editor.select(['one']);
  expect(duplicate(editor, scene, 'image', EXTRA, 0.5)).toBe(true);
  const [, made] = rows(editor);
  expect(made?.value).toEqual({ x: 12.4, y: 14.8, width: 20, height: 20, rotation: 0, rectanglelabels: ['Car'] });
  expect(made).toMatchObject({ origin: 'manual', from_name: 'label', to_name: 'image' });
  expect(made).not.toHaveProperty('score');
  expect([...editor.selection.value]).toEqual([made?.id]);
  editor.undo();
  expect(rows(editor)).toHaveLength(1);
});

test('pasted into another task it keeps its place, with the rows about it', () => {
  const config = `${LABELLED.replace('</View>', '<Choices name="dirty" toName="image" perRegion="true"><Choice value="yes"/></Choices></View>')}`;
  const answer = {
    ...box('one', 10, 10, 20, 20),
    from_name: 'dirty',
    type: 'choices',
    value: { x: 10, y: 10, width: 20, height: 20, rotation: 0, choices: ['yes'] },
  };
  const here = open([box('one', 10, 10, 20, 20), answer], config);
  here.editor.select(['one']);
  copy(here.editor, here.scene);
  const there = open([], config);
  expect(paste(there.editor, there.scene, 'image', EXTRA, 1)).toBe(true);
  const made = rows(there.editor);
  expect(made).toHaveLength(2);
  expect(made[0]?.id).toBe(made[1]?.id);
  expect(made[0]?.id).not.toBe('one');
  expect(made[0]?.value).toEqual(box('one', 10, 10, 20, 20).value);
  expect(made[1]?.value).toEqual(answer.value);
});

test('in the same place each paste goes a step further, and never out of the image', () => {
  const { editor, scene } = open([box('one', 79, 10, 20, 20)]);
  editor.select(['one']);
  copy(editor, scene);
  paste(editor, scene, 'image', EXTRA, 1);
  paste(editor, scene, 'image', EXTRA, 1);
  const places = rows(editor).map((row) => [row.value?.x, row.value?.y]);
  expect(places[1]?.[0]).toBeCloseTo(80, 9);
  expect(places[1]?.[1]).toBeCloseTo(12.4, 9);
  expect(places[2]?.[1]).toBeCloseTo(14.8, 9);
});

test('a label that is used up is not pasted, and nothing goes into a locked annotation', () => {
  const { editor, scene, said } = open([box('one', 10, 10, 20, 20)], LABELLED.replace('background', 'maxUsages="1" background'));
  editor.select(['one']);
  expect(duplicate(editor, scene, 'image', EXTRA, 1)).toBe(false);
  expect(said[0]).toContain('1 times at most');
  copy(editor, scene);
  const locked = open([]);
  locked.editor.readonly.value = true;
  expect(paste(locked.editor, locked.scene, 'image', EXTRA, 1)).toBe(false);
  expect(rows(locked.editor)).toHaveLength(0);
});

test('to the front is last in the result, to the back first; undo puts it back', () => {
  const { editor, scene, at, edit } = open([box('a', 10, 10, 40, 40), box('b', 10, 10, 40, 40), box('c', 10, 10, 40, 40)]);
  const order = () => rows(editor).map(({ id }) => id);
  editor.select(['a']);
  reorder(editor, scene, 'front');
  expect(order()).toEqual(['b', 'c', 'a']);
  expect([...editor.selection.value]).toEqual(['a']);
  expect(edit.hits(at(200, 150))[0]?.id).toBe('a');
  editor.select(['c']);
  reorder(editor, scene, 'back');
  expect(order()).toEqual(['c', 'b', 'a']);
  editor.undo();
  editor.undo();
  expect(order()).toEqual(['a', 'b', 'c']);
});
