/** The language's vectors for image, rectangle and rectanglelabels: rows go in and come out equal, also after a change that is undone. */
import { describe, expect, test } from 'vitest';
import type { ResultRow } from '../../core/types';
import { makeEditor, makeScene } from '../../stage/fixtures';

interface Vector {
  name: string;
  config: string;
  data: Record<string, unknown>;
  result: ResultRow[];
}

const files = import.meta.glob<{ vectors: Vector[] }>('../../../../labeling/tags/{image,rectangle,rectanglelabels}/vectors.json', { eager: true });

test('there are vectors of all three tags', () => {
  expect(Object.keys(files)).toHaveLength(3);
});

describe.each(Object.entries(files))('%s', (_, { vectors }) => {
  test.each(vectors)('$name', ({ config, data, result }) => {
    const object = result[0]?.to_name ?? 'image';
    const { editor } = makeEditor(config.replaceAll(`"${object}"`, '"image"'), renamed(result, object), data);
    const first = editor.regions.list('image').find(({ main }) => main.type.startsWith('rectangle'));
    const main = first?.main;
    const size = { width: Number(main?.original_width ?? 100), height: Number(main?.original_height ?? 100) };
    const { scene, edit } = makeScene(editor, size);
    scene.page = main?.item_index ?? 0;
    scene.readAll();
    const item = first && scene.get(first.id);
    expect(item?.shape.kind).toBe('rectangle');
    if (!item || !first || !main?.value) return;
    const back = item.shape.write(item.geometry, size);
    for (const [key, value] of Object.entries(back)) expect(Math.abs(value - Number(main.value[key] ?? 0))).toBeLessThan(1e-9);
    editor.select([first.id]);
    edit.nudge(1, 1);
    expect(editor.submission()).not.toEqual(renamed(result, object));
    for (const row of editor.regions.get(first.id)?.rows ?? []) expect(row.value?.x).toBe(editor.regions.get(first.id)?.main.value?.x);
    editor.undo();
    expect(editor.submission()).toEqual(renamed(result, object));
  });
});

/** The test's stage calls its object "image". */
function renamed(rows: readonly ResultRow[], object: string): ResultRow[] {
  return rows.map((row) => (row.to_name === object ? { ...row, to_name: 'image' } : row));
}
