import { describe, expect, test } from 'vitest';
import type { Tool, ToolPointer } from '../../core/tool';
import { LABELLED, makeEditor, toolContext } from '../../stage/fixtures';
import makeTool, { more } from './tool';

const at = (x: number, y: number, keys: Partial<ToolPointer> = {}): ToolPointer => ({
  x,
  y,
  screenX: x / 2,
  screenY: y / 2,
  shift: false,
  alt: false,
  mod: false,
  button: 0,
  pointerType: 'mouse',
  ...keys,
});

const PLAIN =
  '<View><Labels name="kind" toName="image"><Label value="A"/><Label value="B"/></Labels><Rectangle name="box" toName="image"/><Image name="image" value="$image"/></View>';

function open(config = LABELLED, control = 'label') {
  const made = makeEditor(config);
  const context = toolContext(made.editor, control);
  const tool = makeTool(context);
  const threePoints = (more[0] as typeof makeTool)(context);
  const rows = () => made.editor.rows().map(([, row]) => row);
  return { ...made, tool, threePoints, rows };
}

function drag(tool: Tool, from: ToolPointer, to: ToolPointer) {
  tool.down(from);
  tool.move(to);
  tool.up(to);
}

const click = (tool: Tool, pointer: ToolPointer) => {
  tool.move(pointer);
  tool.down(pointer);
  tool.up(pointer);
};

describe('by dragging', () => {
  test('writes exactly the row that Label Studio writes', () => {
    const { editor, tool, rows } = open();
    editor.toggleLabel('label', 'Car');
    drag(tool, at(300, 200), at(100, 50));
    const [row] = rows();
    expect(row).toEqual({
      original_width: 1000,
      original_height: 500,
      image_rotation: 0,
      value: { x: 10, y: 10, width: 20, height: 30, rotation: 0, rectanglelabels: ['Car'] },
      id: row?.id,
      from_name: 'label',
      to_name: 'image',
      type: 'rectanglelabels',
      origin: 'manual',
    });
    expect(row?.id).toMatch(/^[\w-]{10}$/);
  });

  test('Rectangle with Labels writes two rows of one id', () => {
    const { editor, tool, rows } = open(PLAIN, 'box');
    editor.toggleLabel('kind', 'B');
    drag(tool, at(0, 0), at(500, 250));
    const [shape, label] = rows();
    const place = { x: 0, y: 0, width: 50, height: 50, rotation: 0 };
    expect(shape).toMatchObject({ type: 'rectangle', from_name: 'box', value: place });
    expect(shape?.value).toEqual(place);
    expect(label).toMatchObject({ id: shape?.id, type: 'labels', from_name: 'kind', original_width: 1000 });
    expect(label?.value).toEqual({ ...place, labels: ['B'] });
    expect(rows()).toHaveLength(2);
  });

  test('without Labels chosen, Rectangle writes its own row only', () => {
    const { tool, rows } = open(PLAIN, 'box');
    drag(tool, at(0, 0), at(500, 250));
    expect(rows().map((row) => row.type)).toEqual(['rectangle']);
  });

  test('stays in the image; Shift makes a square', () => {
    const { editor, tool, rows } = open();
    editor.toggleLabel('label', 'Car');
    drag(tool, at(900, 400), at(5000, -70));
    expect(rows()[0]?.value).toMatchObject({ x: 90, y: 0, width: 10, height: 80 });
    drag(tool, at(100, 100), at(300, 150, { shift: true }));
    expect(rows()[1]?.value).toMatchObject({ x: 10, y: 20, width: 20, height: 40 });
  });

  test('with snap="pixel" on whole pixels', () => {
    const { editor, tool, rows } = open(LABELLED.replace('toName="image">', 'toName="image" snap="pixel">'));
    editor.toggleLabel('label', 'Car');
    drag(tool, at(100.4, 50.6), at(199.7, 100.2));
    expect(rows()[0]?.value).toMatchObject({ x: 10, y: 10.2, width: 10, height: 9.8 });
  });
});

describe('by clicks', () => {
  test('two clicks are two corners; a second click in the same place ends it', () => {
    const { editor, tool, rows } = open();
    editor.toggleLabel('label', 'Car');
    click(tool, at(100, 50));
    expect(tool.busy).toBe(true);
    click(tool, at(300, 200));
    expect(rows()[0]?.value).toMatchObject({ x: 10, y: 10, width: 20, height: 30 });
    click(tool, at(100, 50));
    click(tool, at(102, 51));
    expect(tool.busy).toBe(false);
    expect(rows()).toHaveLength(1);
  });

  test('three points give a rotated rectangle', () => {
    const { editor, threePoints, rows } = open();
    editor.toggleLabel('label', 'Car');
    click(threePoints, at(400, 100));
    click(threePoints, at(400, 300));
    click(threePoints, at(300, 150));
    const value = rows()[0]?.value as Record<string, number>;
    expect(value.rotation).toBeCloseTo(90, 9);
    expect(value).toMatchObject({ x: 40, y: 20 });
    expect(value.width).toBeCloseTo(20, 9);
    expect(value.height).toBeCloseTo(20, 9);
  });

  test('three points on one line give nothing, and Escape ends it', () => {
    const { editor, threePoints, rows } = open();
    editor.toggleLabel('label', 'Car');
    click(threePoints, at(100, 100));
    click(threePoints, at(300, 100));
    click(threePoints, at(200, 101));
    expect(rows()).toHaveLength(0);
    expect(threePoints.busy).toBe(true);
    threePoints.cancel();
    expect(threePoints.busy).toBe(false);
    expect(threePoints.preview).toBeNull();
  });
});

describe('without a label', () => {
  test('what was drawn waits until one is chosen, then is selected', () => {
    const { editor, said, tool, rows } = open();
    drag(tool, at(100, 50), at(300, 200));
    expect(rows()).toHaveLength(0);
    expect(said).toEqual(['Choose a label first.']);
    expect(tool.preview).toMatchObject({ kind: 'rectangle', geometry: { x: 100, y: 50, width: 200, height: 150 } });
    editor.toggleLabel('label', 'Person');
    tool.labelsChanged?.();
    expect(rows()[0]?.value).toMatchObject({ x: 10, rectanglelabels: ['Person'] });
    expect([...editor.selection.value]).toEqual([rows()[0]?.id]);
    expect(tool.preview).toBeNull();
  });

  test('a new drawing takes the place of the one that waits', () => {
    const { editor, tool, rows } = open();
    drag(tool, at(100, 50), at(300, 200));
    drag(tool, at(500, 50), at(600, 200));
    editor.toggleLabel('label', 'Person');
    tool.labelsChanged?.();
    expect(rows().map((row) => row.value?.x)).toEqual([50]);
  });
});

test('by key it draws one in the middle of what is seen', () => {
  const { editor, tool, rows } = open();
  editor.toggleLabel('label', 'Car');
  tool.addDefault?.({ minX: 200, minY: 100, maxX: 600, maxY: 300 });
  expect(rows()[0]?.value).toMatchObject({ x: 35, y: 35, width: 10, height: 10 });
  expect(editor.selection.value.size).toBe(1);
});
