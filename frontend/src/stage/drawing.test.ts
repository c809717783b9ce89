/** Ellipses, polygons and points: drawn by clicks, drags and keys, and changed by their handles. */
import { describe, expect, test } from 'vitest';
import type { Tool, ToolModule, ToolPointer } from '../core/tool';
import * as ellipse from '../tags/ellipse/tool';
import * as keypoint from '../tags/keypoint/tool';
import * as polygon from '../tags/polygon/tool';
import * as vector from '../tags/vector/tool';
import { makeEditor, makeScene, toolContext } from './fixtures';
import type { Handle, ShapeKind } from './shape';

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

function open(tag: string, module: ToolModule, attributes = '') {
  const config = `<View><${tag}Labels name="label" toName="image"${attributes}><Label value="A"/></${tag}Labels><Image name="image" value="$image"/></View>`;
  const made = makeEditor(config);
  const stage = makeScene(made.editor, undefined, [(module as { shape: ShapeKind }).shape]);
  const tool = module.default(toolContext(made.editor, 'label'));
  made.editor.toggleLabel('label', 'A');
  const values = () => made.editor.rows().map(([, row]) => row.value as Record<string, unknown>);
  return { ...made, ...stage, tool, values };
}

const click = (tool: Tool, pointer: ToolPointer) => {
  tool.move(pointer);
  tool.down(pointer);
  tool.up(pointer);
};

const visible = { minX: 0, minY: 0, maxX: 1000, maxY: 500 };

describe('ellipses', () => {
  test('are drawn in a box; Shift makes a circle', () => {
    const { tool, values } = open('Ellipse', ellipse);
    tool.down(at(300, 200));
    tool.move(at(200, 150));
    tool.up(at(100, 50));
    expect(values()[0]).toEqual({ x: 20, y: 25, radiusX: 10, radiusY: 15, rotation: 0, ellipselabels: ['A'] });
    tool.down(at(0, 0));
    tool.up(at(100, 60, { shift: true }));
    expect(values()[1]).toMatchObject({ radiusX: 5, radiusY: 10 });
  });

  test('are hit inside and near the outline, not in the corners of their box', () => {
    const { shape } = ellipse;
    const turned = { ...shape.read({ x: 50, y: 50, radiusX: 20, radiusY: 10, rotation: 90 }, { width: 100, height: 100 }) } as never;
    expect(shape.hit(turned, { x: 50, y: 68 }, 0)).toBe(true);
    expect(shape.hit(turned, { x: 68, y: 50 }, 0)).toBe(false);
    expect(shape.hit(turned, { x: 59, y: 69 }, 1)).toBe(false);
    expect(shape.hit(turned, { x: 50, y: 71.5 }, 2)).toBe(true);
    expect(shape.bounds(turned)).toEqual({ minX: 40, minY: 30, maxX: 60, maxY: 70 });
  });

  test('moving one leaves its radii and rotation digit by digit', () => {
    const { editor, edit, tool, values } = open('Ellipse', ellipse);
    tool.addDefault?.(visible);
    edit.nudge(10, 0);
    expect(values()[0]).toMatchObject({ x: 51, y: 50, radiusX: 12.5, radiusY: 12.5 });
    editor.undo();
    expect(values()[0]).toMatchObject({ x: 50 });
  });
});

describe('points', () => {
  test('are placed where the press is let go; their size is that of the screen', () => {
    const { tool, values } = open('KeyPoint', keypoint);
    tool.down(at(100, 100));
    tool.move(at(150, 120));
    tool.up(at(200, 125));
    expect(values()).toEqual([{ x: 20, y: 25, width: 0.4, keypointlabels: ['A'] }]);
  });

  test('are found near, and moved by keys', () => {
    const { tool, edit, at: over, values } = open('KeyPoint', keypoint, ' snap="pixel"');
    tool.addDefault?.(visible);
    expect(edit.hits(over(508, 250))).toHaveLength(1);
    expect(edit.hits(over(540, 250))).toHaveLength(0);
    edit.nudge(-10, 5);
    expect(values()[0]).toMatchObject({ x: 49, y: 51 });
  });
});

describe('polygons', () => {
  test('close at the first corner, with the row that Label Studio writes', () => {
    const { tool, values } = open('Polygon', polygon);
    for (const corner of [at(100, 50), at(300, 50), at(200, 200)]) click(tool, corner);
    expect(tool.busy).toBe(true);
    click(tool, at(104, 52));
    expect(tool.busy).toBe(false);
    expect(values()).toEqual([
      {
        points: [
          [10, 10],
          [30, 10],
          [20, 40],
        ],
        closed: true,
        polygonlabels: ['A'],
      },
    ]);
  });

  test('close by a second click on the last corner; Enter needs three corners', () => {
    const { tool, values } = open('Polygon', polygon);
    click(tool, at(100, 50));
    click(tool, at(300, 50));
    expect(tool.finish?.()).toBe(false);
    click(tool, at(200, 200));
    click(tool, at(201, 201));
    expect(values()[0]?.points).toHaveLength(3);
  });

  test('are taken back corner by corner; a second finger takes only its press', () => {
    const { tool, values } = open('Polygon', polygon);
    for (const corner of [at(100, 50), at(300, 50), at(400, 400), at(200, 200)]) click(tool, corner);
    tool.stepBack?.();
    tool.down(at(500, 500));
    tool.release?.();
    tool.up(at(500, 500));
    expect(tool.finish?.()).toBe(true);
    expect(values()[0]?.points).toEqual([
      [10, 10],
      [30, 10],
      [40, 80],
    ]);
    for (const _ of [1, 2, 3, 4]) tool.stepBack?.();
    expect(tool.busy).toBe(false);
  });

  test('keep to 45 degrees with Shift, to pixels with snap, to the image always', () => {
    const { tool, values } = open('Polygon', polygon, ' snap="pixel"');
    click(tool, at(100.4, 100.4));
    click(tool, at(300, 110, { shift: true }));
    click(tool, at(2000, 900));
    tool.finish?.();
    expect(values()[0]?.points).toEqual([
      [10, 20],
      [30, 20],
      [100, 100],
    ]);
  });

  const square = () => {
    const made = open('Polygon', polygon);
    for (const corner of [at(100, 100), at(300, 100), at(300, 300), at(100, 300)]) click(made.tool, corner);
    made.tool.finish?.();
    const [region] = made.editor.regions.list();
    made.editor.select([region?.id ?? '']);
    const points = () => made.values()[0]?.points as [number, number][];
    const handle = (id: string) => made.edit.handlesOf(made.edit.handled as never, false).find((one) => one.id === id) as Handle;
    return { ...made, points, handle };
  };

  test('a corner is dragged; the others keep every digit', () => {
    const { edit, at: over, points, handle } = square();
    const before = points();
    edit.downOnHandle(over(300, 300), handle('p2'));
    edit.move(over(350, 330));
    edit.up(over(400, 350));
    expect(points()).toEqual([before[0], before[1], [40, 70], before[3]]);
  });

  test('a corner is made on an edge: by its handle, by a click on the outline', () => {
    const { editor, edit, at: over, points, handle } = square();
    edit.downOnHandle(over(200, 100), handle('m0'));
    edit.move(over(200, 60));
    edit.up(over(200, 50));
    expect(points()[1]).toEqual([20, 10]);
    expect(edit.point?.id).toBe('p1');
    edit.downOnRegion(over(300, 201), edit.hits(over(300, 201)));
    edit.up(over(300, 201));
    expect(points()).toHaveLength(6);
    expect(points()[3]?.[0]).toBeCloseTo(30, 9);
    editor.undo();
    editor.undo();
    expect(points()).toHaveLength(4);
  });

  test('a corner is taken away by Alt+click, down to three', () => {
    const { edit, at: over, points, handle, said } = square();
    const remove = () => {
      edit.downOnHandle(over(100, 100, { alt: true }), handle('p0'));
      edit.up(over(100, 100, { alt: true }));
    };
    remove();
    expect(points()[0]).toEqual([30, 20]);
    remove();
    expect(points()).toHaveLength(3);
    expect(said.at(-1)).toMatch(/Delete the region/);
  });

  test('by keys: the next corner, moved, split, taken away', () => {
    const { edit, points } = square();
    expect(edit.stepPoint(1)).toBe(true);
    expect(edit.stepPoint(1)).toBe(true);
    edit.nudge(10, -5);
    expect(points()[1]).toEqual([31, 19]);
    edit.insertBehindPoint();
    expect(points()).toHaveLength(5);
    edit.removePoint();
    expect(points()).toHaveLength(4);
    edit.nudge(10, 0);
    expect(points()[0]).toEqual([11, 20]);
  });

  test('are hit inside, not in what they leave out', () => {
    const { shape } = polygon;
    const horseshoe = shape.read(
      {
        points: [
          [0, 0],
          [90, 0],
          [90, 90],
          [60, 90],
          [60, 30],
          [30, 30],
          [30, 90],
          [0, 90],
        ],
      },
      { width: 100, height: 100 },
    ) as never;
    expect(shape.hit(horseshoe, { x: 10, y: 50 }, 0)).toBe(true);
    expect(shape.hit(horseshoe, { x: 45, y: 60 }, 0)).toBe(false);
    expect(shape.hit(horseshoe, { x: 58, y: 60 }, 3)).toBe(true);
    expect(shape.area(horseshoe)).toBe(6300);
  });
});

describe('paths', () => {
  interface Written {
    x: number;
    y: number;
    id: string;
    prevPointId?: string;
    isBezier: boolean;
    controlPoint1?: { x: number; y: number };
    controlPoint2?: { x: number; y: number };
  }
  const vertices = (values: () => Record<string, unknown>[]) => values()[0]?.vertices as Written[];

  test('each vertex names the one before it; Escape keeps what is drawn', () => {
    const { tool, values } = open('Vector', vector);
    for (const corner of [at(100, 50), at(300, 50), at(200, 200)]) click(tool, corner);
    expect(tool.keepsOnEscape).toBe(true);
    tool.finish?.();
    const [a, b, c] = vertices(values) as [Written, Written, Written];
    expect(a).toEqual({ x: 10, y: 10, id: a.id, isBezier: false });
    expect(b).toEqual({ x: 30, y: 10, id: b.id, prevPointId: a.id, isBezier: false });
    expect(c.prevPointId).toBe(b.id);
    expect(values()[0]?.closed).toBe(false);
  });

  test('close, curve and branch only where the config says so', () => {
    const plain = open('Vector', vector);
    for (const corner of [at(100, 50), at(300, 50), at(200, 200), at(100, 50)]) click(plain.tool, corner);
    expect(plain.tool.busy).toBe(true);
    const { tool, values } = open('Vector', vector, ' closable="true" curves="true"');
    click(tool, at(100, 50));
    tool.down(at(300, 50));
    tool.move(at(340, 70));
    tool.up(at(350, 75));
    click(tool, at(200, 200));
    click(tool, at(102, 51));
    expect(values()[0]?.closed).toBe(true);
    expect(vertices(values)[1]).toMatchObject({ isBezier: true, controlPoint1: { x: 25, y: 5 }, controlPoint2: { x: 35, y: 15 } });
    const branched = open('Vector', vector, ' skeleton="true"');
    for (const corner of [at(100, 50), at(300, 50), at(500, 50), at(300, 50), at(300, 200)]) click(branched.tool, corner);
    branched.tool.finish?.();
    const [, hub, , tip] = vertices(branched.values) as [Written, Written, Written, Written];
    expect(tip.prevPointId).toBe(hub.id);
  });

  test('have as many vertices as the config wants', () => {
    const { tool, values, said } = open('Vector', vector, ' minPoints="3" maxPoints="4"');
    click(tool, at(100, 50));
    click(tool, at(300, 50));
    expect(tool.finish?.()).toBe(false);
    expect(said.at(-1)).toMatch(/more points/);
    click(tool, at(300, 250));
    click(tool, at(100, 250));
    expect([tool.busy, vertices(values).length]).toEqual([false, 4]);
  });

  test('are changed by keys: split, curved, shortened, with the order of vertices kept', () => {
    const { editor, edit, tool, values } = open('Vector', vector, ' curves="true"');
    for (const corner of [at(100, 100), at(300, 100), at(500, 100)]) click(tool, corner);
    tool.finish?.();
    editor.select([editor.regions.list()[0]?.id ?? '']);
    const before = vertices(values);
    edit.stepPoint(1);
    edit.stepPoint(1);
    edit.nudge(0, 50);
    edit.toggleCurve();
    expect(vertices(values)[1]).toMatchObject({ y: 30, isBezier: true, controlPoint1: { x: 20, y: 30 } });
    expect([vertices(values)[0], vertices(values)[2]]).toEqual([before[0], before[2]]);
    edit.removePoint();
    expect(vertices(values)[1]?.prevPointId).toBe(before[0]?.id);
    expect(vertices(values)).toHaveLength(2);
  });
});
