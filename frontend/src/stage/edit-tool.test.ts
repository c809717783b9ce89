import { describe, expect, test } from 'vitest';
import type { ToolPointer } from '../core/tool';
import { box, LABELLED, makeEditor, makeScene } from './fixtures';
import type { Handle } from './shape';

function open(rows = [box('outer', 10, 10, 40, 40), box('inner', 20, 20, 5, 5), box('other', 60, 60, 20, 20)]) {
  const made = makeEditor(LABELLED, rows);
  const stage = makeScene(made.editor);
  const press = (at: ToolPointer) => {
    const hits = stage.edit.hits(at);
    if (hits.length) stage.edit.downOnRegion(at, hits);
    else stage.edit.downOnNothing(at, true);
  };
  const click = (at: ToolPointer) => {
    press(at);
    stage.edit.up(at);
  };
  const drag = (from: ToolPointer, to: ToolPointer) => {
    press(from);
    stage.edit.move(to);
    stage.edit.up(to);
  };
  const chosen = () => [...made.editor.selection.value];
  const value = (id: string) => made.editor.regions.get(id)?.main.value;
  return { ...made, ...stage, press, click, drag, chosen, value };
}

describe('selecting', () => {
  test('the smaller shape first, the next below by another click', () => {
    const { click, at, chosen } = open();
    click(at(220, 110));
    expect(chosen()).toEqual(['inner']);
    click(at(220, 110));
    expect(chosen()).toEqual(['outer']);
    click(at(220, 110));
    expect(chosen()).toEqual(['inner']);
  });

  test('an outline that is near goes before a smaller area', () => {
    const { click, at, chosen } = open([box('outer', 20, 20, 40, 40), box('inner', 15, 15, 20, 20)]);
    click(at(201, 280));
    expect(chosen()).toEqual(['outer']);
  });

  test('Ctrl adds and takes away, a click on nothing ends the selection', () => {
    const { click, at, chosen } = open();
    click(at(220, 110));
    click(at(700, 350, { mod: true }));
    expect(chosen()).toEqual(['inner', 'other']);
    click(at(220, 110, { mod: true }));
    expect(chosen()).toEqual(['other']);
    click(at(900, 50, { mod: true }));
    expect(chosen()).toEqual(['other']);
    click(at(900, 50));
    expect(chosen()).toEqual([]);
  });

  test('a rubber band takes what it touches', () => {
    const { drag, at, chosen } = open();
    drag(at(990, 490), at(240, 120));
    expect(chosen()).toEqual(['outer', 'inner', 'other']);
    drag(at(990, 490), at(590, 290));
    expect(chosen()).toEqual(['other']);
  });

  test('hidden regions are not there', () => {
    const { editor, click, at, chosen } = open();
    editor.setHidden(['inner'], true);
    click(at(220, 110));
    expect(chosen()).toEqual(['outer']);
  });
});

describe('changing', () => {
  test('a drag moves what is selected, in one step of undo', () => {
    const { editor, click, drag, at, value } = open();
    click(at(220, 110));
    click(at(700, 350, { mod: true }));
    drag(at(700, 350), at(750, 375));
    expect(value('inner')).toMatchObject({ x: 25, y: 25, width: 5, height: 5 });
    expect(value('other')).toMatchObject({ x: 65, y: 65 });
    editor.undo();
    expect(value('inner')).toMatchObject({ x: 20, y: 20 });
    expect(value('other')).toMatchObject({ x: 60, y: 60 });
    expect(editor.canUndo.value).toBe(false);
  });

  test('together they stop at the border of the image', () => {
    const { edit, drag, at, value } = open();
    edit.selectAll();
    drag(at(700, 350), at(2000, 350));
    expect(value('other')).toMatchObject({ x: 80, y: 60 });
    expect(value('outer')).toMatchObject({ x: 30, y: 10 });
  });

  test('a trembling hand moves nothing', () => {
    const { editor, drag, at } = open();
    drag(at(220, 110), at(224, 112));
    expect(editor.canUndo.value).toBe(false);
  });

  test('a handle changes only the edges it holds; the row keeps the rest as it was', () => {
    const { editor, edit, at, value } = open([box('one', 100 / 3, 10, 20, 20)]);
    editor.select(['one']);
    const handle = edit.handleAt(at(1000 * (1 / 3 + 0.2), 100)) as Handle;
    expect(handle.id).toBe('e');
    edit.downOnHandle(at(1000 * (1 / 3 + 0.2), 100), handle);
    edit.up(at(1000 * (1 / 3 + 0.2) + 100, 130));
    const { x, y, width, height } = value('one') as Record<string, number>;
    expect([x, y, height]).toEqual([100 / 3, 10, 20]);
    expect(width).toBeCloseTo(30, 9);
  });

  test('locked regions are selected but neither moved nor given handles', () => {
    const { edit, drag, at, chosen, value } = open([box('one', 10, 10, 20, 20, { readonly: true })]);
    drag(at(200, 100), at(400, 200));
    expect(chosen()).toEqual(['one']);
    expect(value('one')).toMatchObject({ x: 10, y: 10 });
    expect(edit.handled).toBeNull();
  });

  test('arrow keys move by image pixels and resize, held keys are one step of undo', () => {
    const { editor, edit, value } = open();
    editor.select(['other']);
    for (let n = 0; n < 5; n += 1) edit.nudge(1, 0);
    expect(value('other')?.x).toBeCloseTo(60.5, 9);
    edit.stretch(0, 10);
    expect(value('other')).toMatchObject({ width: 20, height: 22 });
    editor.undo();
    editor.undo();
    expect(value('other')).toEqual(box('other', 60, 60, 20, 20).value);
  });

  test('with snap="pixel" it ends on whole pixels', () => {
    const { editor } = makeEditor(LABELLED.replace('toName="image">', 'toName="image" snap="pixel">'), [box('one', 10, 10, 20, 20)]);
    const { edit, at } = makeScene(editor);
    const from = at(200, 100);
    edit.downOnRegion(from, edit.hits(from));
    edit.up(at(233.4, 120.6));
    expect(editor.regions.get('one')?.main.value).toMatchObject({ x: 13.3, y: 14.2, width: 20, height: 20 });
  });

  test('a prediction that is changed says so', () => {
    const { editor, edit } = open([box('one', 10, 10, 20, 20, { origin: 'prediction', score: 0.5 })]);
    editor.select(['one']);
    edit.nudge(1, 1);
    expect(editor.regions.get('one')?.main).toMatchObject({ origin: 'prediction-changed', score: 0.5 });
  });
});
