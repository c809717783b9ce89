import { describe, expect, it } from 'vitest';
import { drawnPrompts, Suggestions } from './suggestions';
import { editorOf } from './testing';
import type { ResultRow, Transaction } from './types';

const BOXES = '<View><Image name="i" value="$image"/><RectangleLabels name="box" toName="i" smart="true"><Label value="Car"/></RectangleLabels></View>';
const MIXED = BOXES.replace('</View>', '<EllipseLabels name="oval" toName="i"><Label value="Car"/></EllipseLabels></View>');
const TEXT =
  '<View><Text name="t" value="$text"/><Labels name="l" toName="t"><Label value="Person"/></Labels><Choices name="mood" toName="t"><Choice value="Good"/><Choice value="Bad"/></Choices></View>';
const box = (x: number, id = 'm1'): ResultRow => ({
  id,
  from_name: 'box',
  to_name: 'i',
  type: 'rectanglelabels',
  value: { x, y: 2, width: 3, height: 4, rotation: 0, rectanglelabels: ['Car'] },
});
const mood = (label: string): ResultRow => ({ id: 'c', from_name: 'mood', to_name: 't', type: 'choices', value: { choices: [label] } });

function drawing(config: string, control: string) {
  const editor = editorOf(config);
  const asked: string[][] = [];
  editor.onTransaction((transaction: Transaction) => asked.push(drawnPrompts(editor, transaction)));
  editor.toggleLabel(control, 'Car');
  const id = editor.createRegion({ control, object: 'i', value: { x: 1, y: 1, width: 9, height: 9, rotation: 0 } }) as string;
  return { editor, id, asked: asked.at(-1) };
}

describe('suggestions', () => {
  it('are shown, and are not part of the result until they are accepted', () => {
    const { editor, id } = drawing(BOXES, 'box');
    const suggestions = new Suggestions(editor);
    suggestions.show([box(5, id), box(6, 'other')], [id]);
    expect([suggestions.count.value, editor.regions.size, editor.regions.result().length]).toEqual([2, 3, 1]);
    expect(editor.submission().map((row) => row.id)).toEqual([id]);
    const suggested = [...suggestions.ids.value];
    expect(suggested).not.toContain(id);
    expect(editor.canEdit(suggested[0] as string)).toBe(false);
    suggestions.accept();
    expect(editor.regions.result().map((row) => [row.value?.x, row.origin])).toEqual([
      [5, 'prediction'],
      [6, 'prediction'],
    ]);
    editor.undo();
    expect(editor.regions.result().map((row) => row.id)).toEqual([id]);
    editor.redo();
    expect(editor.regions.result().map((row) => row.value?.x)).toEqual([5, 6]);
  });

  it('are taken away when they are rejected, and what was drawn stays', () => {
    const { editor, id } = drawing(BOXES, 'box');
    const suggestions = new Suggestions(editor);
    suggestions.show([box(5)], [id]);
    suggestions.reject();
    expect(editor.regions.list().map((region) => region.id)).toEqual([id]);
    editor.undo();
    expect(editor.regions.size).toBe(0);
    suggestions.show([box(5)]);
    suggestions.show([box(7)]);
    expect(editor.regions.list().map((region) => region.main.value?.x)).toEqual([7]);
  });

  it('can be accepted one by one', () => {
    const editor = editorOf(BOXES);
    const suggestions = new Suggestions(editor);
    suggestions.show([box(5, 'a'), box(6, 'b')]);
    const [first] = [...suggestions.ids.value];
    suggestions.accept(new Set([first as string]));
    expect([suggestions.count.value, editor.regions.result().map((row) => row.value?.x)]).toEqual([1, [5]]);
  });

  it('that answer a question replace the answer', () => {
    const editor = editorOf(TEXT, {}, [mood('Good')]);
    const suggestions = new Suggestions(editor);
    suggestions.show([mood('Bad')]);
    suggestions.accept();
    expect(editor.regions.result().map((row) => row.value?.choices)).toEqual([['Bad']]);
  });

  it('are asked for by smart controls, or by every one where none is smart', () => {
    const smart = drawing(MIXED, 'box');
    expect(smart.asked).toEqual([smart.id]);
    expect(drawing(MIXED, 'oval').asked).toEqual([]);
    const plain = drawing(BOXES.replace(' smart="true"', ''), 'box');
    expect(plain.asked).toEqual([plain.id]);
  });
});
