import { describe, expect, it } from 'vitest';
import { parseConfig } from '../core/config';
import { AnnotationEditor } from '../core/editor';
import { expandConfig } from '../core/expand';
import type { ResultRow } from '../core/types';
import { agreement, compare, takeOver } from './differences';

const CONFIG =
  '<View><Image name="img" value="$image"/><RectangleLabels name="box" toName="img"><Label value="Cat"/><Label value="Dog"/></RectangleLabels>' +
  '<PolygonLabels name="line" toName="img"><Label value="Cat"/></PolygonLabels>' +
  '<Choices name="mood" toName="img"><Choice value="Good"/><Choice value="Bad"/></Choices></View>';

const box = (id: string, x: number, label: string, width = 10): ResultRow => ({
  id,
  type: 'rectanglelabels',
  from_name: 'box',
  to_name: 'img',
  value: { x, y: 10, width, height: 10, rotation: 0, rectanglelabels: [label] },
});
const mood = (choice: string): ResultRow => ({ id: `m${choice}`, type: 'choices', from_name: 'mood', to_name: 'img', value: { choices: [choice] } });
const line = (id: string, points: number[][]): ResultRow => ({
  id,
  type: 'polygonlabels',
  from_name: 'line',
  to_name: 'img',
  value: { points, polygonlabels: ['Cat'] },
});

const LEFT = [box('a', 0, 'Cat'), box('b', 20, 'Cat'), box('c', 40, 'Cat'), box('d', 60, 'Cat'), mood('Good')];
const RIGHT = [box('p', 0, 'Cat'), box('q', 20, 'Dog'), box('r', 42.5, 'Cat'), box('s', 85, 'Dog'), mood('Bad')];

describe('two results of one task', () => {
  it('tells what is the same, what differs and how, and what only one has', () => {
    const found = compare(LEFT, RIGHT);
    expect(found.map(({ kind, left, right }) => [kind, left?.id ?? '', right?.id ?? ''])).toEqual([
      ['answer', '', ''],
      ['same', 'a', 'p'],
      ['label', 'b', 'q'],
      ['place', 'c', 'r'],
      ['left', 'd', ''],
      ['right', '', 's'],
    ]);
    expect(found[3]?.agreement).toBeCloseTo(7.5 / 12.5);
    expect(agreement(found)).toBeCloseTo((1 + 0.6) / 6);
  });

  it('measures shapes, not their boxes', () => {
    const triangle = [
      [0, 0],
      [40, 0],
      [0, 40],
    ];
    const other = [
      [40, 40],
      [40, 0],
      [0, 40],
    ];
    expect(compare([line('a', triangle)], [line('b', other)]).map(({ kind }) => kind)).toEqual(['left', 'right']);
    const half = compare(
      [line('a', triangle)],
      [
        line('b', [
          [0, 0],
          [40, 0],
          [40, 40],
          [0, 40],
        ]),
      ],
    );
    expect(half[0]?.agreement).toBeCloseTo(0.5, 1);
  });

  it('is the same afterwards when everything is taken over, in one step that undo takes back', () => {
    const editor = new AnnotationEditor({ root: expandConfig(parseConfig(CONFIG), { image: 'x.png' }), data: { image: 'x.png' }, rows: LEFT });
    editor.commit(
      'Take over',
      compare(LEFT, RIGHT).flatMap((one) => (one.kind === 'same' ? [] : takeOver(editor, one, 'right'))),
    );
    const values = (rows: readonly ResultRow[]) => rows.map(({ value }) => JSON.stringify(value)).sort();
    expect(values(editor.regions.result())).toEqual(values(RIGHT));
    expect(editor.regions.result().map(({ id }) => id)).toEqual(['a', 'b', 'c', 'mGood', 's']);
    editor.undo();
    expect(editor.regions.result()).toEqual(LEFT);
  });
});
