/** The language's vectors of what is drawn on images: rows go in and come out equal, also after a change that is undone. */
import { describe, expect, test } from 'vitest';
import type { ResultRow } from '../core/types';
import { ellipseShape } from '../tags/ellipse/shape';
import { keyPointShape } from '../tags/keypoint/shape';
import { polygonShape } from '../tags/polygon/shape';
import { rectangleShape } from '../tags/rectangle/shape';
import { vectorShape } from '../tags/vector/shape';
import { makeEditor, makeScene } from './fixtures';
import type { ShapeKind } from './shape';

interface Vector {
  name: string;
  config: string;
  data: Record<string, unknown>;
  result: ResultRow[];
}

const SHAPES = [rectangleShape, ellipseShape, polygonShape, keyPointShape, vectorShape] as ShapeKind[];
const files = import.meta.glob<{ vectors: Vector[] }>(
  '../../../labeling/tags/{image,rectangle,rectanglelabels,ellipse,ellipselabels,polygon,polygonlabels,keypoint,keypointlabels,vector,vectorlabels}/vectors.json',
  { eager: true },
);

test('there are vectors of all tags', () => {
  expect(Object.keys(files)).toHaveLength(11);
});

/** Numbers anywhere in a value. */
function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : [];
}

describe.each(Object.entries(files))('%s', (_, { vectors }) => {
  test.each(vectors)('$name', ({ config, data, result }) => {
    const object = result[0]?.to_name ?? 'image';
    const rows = renamed(result, object);
    const { editor } = makeEditor(config.replaceAll(`"${object}"`, '"image"'), rows, data);
    const first = editor.regions.list('image').find(({ main }) => SHAPES.some(({ types }) => types.includes(main.type)));
    const main = first?.main;
    const size = { width: Number(main?.original_width ?? 100), height: Number(main?.original_height ?? 100) };
    const { scene, edit } = makeScene(editor, size, SHAPES);
    scene.page = main?.item_index ?? 0;
    scene.readAll();
    const item = first && scene.get(first.id);
    expect(item?.shape.types).toContain(main?.type);
    if (!item || !first || !main?.value) return;
    for (const [key, value] of Object.entries(item.shape.write(item.geometry, size))) {
      if (!(key in main.value)) continue;
      const [back, stored] = [numbers(value), numbers(main.value[key])];
      expect(back).toHaveLength(stored.length);
      back.forEach((number, at) => {
        expect(number).toBeCloseTo(stored[at] as number, 9);
      });
    }
    editor.select([first.id]);
    edit.nudge(1, 1);
    expect(editor.submission()).not.toEqual(rows);
    // All rows of one region say the same place.
    for (const key of ['x', 'points', 'vertices']) {
      for (const row of editor.regions.get(first.id)?.rows ?? []) {
        if (row.value && key in row.value) expect(row.value[key]).toEqual(editor.regions.get(first.id)?.main.value?.[key]);
      }
    }
    editor.undo();
    expect(editor.submission()).toEqual(rows);
  });
});

/** The test's stage calls its object "image". */
function renamed(rows: readonly ResultRow[], object: string): ResultRow[] {
  return rows.map((row) => (row.to_name === object ? { ...row, to_name: 'image' } : row));
}
