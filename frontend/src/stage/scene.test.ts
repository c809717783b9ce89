import { describe, expect, test } from 'vitest';
import { box, LABELLED, makeEditor, makeScene } from './fixtures';

const all = { minX: 0, minY: 0, maxX: 1000, maxY: 500 };

describe('scene', () => {
  test('shows the regions of the page and follows changes', () => {
    const { editor } = makeEditor(LABELLED, [box('a', 0, 0, 10, 10), box('b', 20, 20, 10, 10, { item_index: 1 }), box('c', 40, 40, 10, 10)]);
    const { scene } = makeScene(editor);
    const ids = () => scene.within(all).map((item) => item.id);
    expect(ids()).toEqual(['a', 'c']);
    editor.deleteRegions(['a']);
    expect(ids()).toEqual(['c']);
    editor.undo();
    expect(ids()).toEqual(['a', 'c']);
    scene.page = 1;
    scene.readAll();
    expect(ids()).toEqual(['b']);
    editor.regions.replaceAll([box('z', 0, 0, 10, 10, { item_index: 1 })]);
    expect(ids()).toEqual(['z']);
  });

  test('finds only what is in sight', () => {
    const rows = Array.from({ length: 400 }, (_, n) => box(`r${n}`, (n % 20) * 5, Math.floor(n / 20) * 5, 4, 4));
    const { scene } = makeScene(makeEditor(LABELLED, rows).editor);
    const seen = scene.within({ minX: 51, minY: 26, maxX: 89, maxY: 44 }).map((item) => item.id);
    expect(seen).toEqual(['r21']);
  });

  test('looks come from label, control and score', () => {
    const rows = [
      box('a', 0, 0, 10, 10, { score: 0.876 }),
      { ...box('b', 20, 0, 10, 10), value: { x: 20, y: 0, width: 10, height: 10, rotation: 0, rectanglelabels: ['Ship'] } },
    ];
    const config = LABELLED.replace('toName="image">', 'toName="image" opacity="0.5" strokeWidth="3" fillColor="#abcdef" canRotate="false">');
    const { scene } = makeScene(makeEditor(config, rows).editor);
    expect(scene.get('a')).toMatchObject({ stroke: '#123456', fill: '#abcdef', fillOpacity: 0.5, strokeWidth: 3, canRotate: false, caption: 'Car 0.88' });
    expect(scene.get('b')?.caption).toBe('Ship');
  });

  test('rows that hold no rectangle are left alone', () => {
    const { scene } = makeScene(
      makeEditor(LABELLED, [box('a', 0, 0, 10, 10), { ...box('b', 0, 0, 1, 1), value: { x: 'left', rectanglelabels: ['Car'] } }]).editor,
    );
    expect(scene.count).toBe(1);
  });
});
