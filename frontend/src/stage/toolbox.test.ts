import { describe, expect, test } from 'vitest';
import type { TagNode } from '../core/types';
import { LABELLED, makeEditor, toolContext } from './fixtures';
import { PAN, SELECT, Toolbox } from './toolbox';

const BOTH = `<View>
  <RectangleLabels name="one" toName="image"><Label value="A"/></RectangleLabels>
  <RectangleLabels name="two" toName="image"><Label value="B"/></RectangleLabels>
  <Labels name="kind" toName="image"><Label value="C"/></Labels>
  <Rectangle name="plain" toName="image"/>
  <Choices name="weather" toName="image"><Choice value="rain"/></Choices>
  <Image name="image" value="$image"/>
</View>`;

async function open(config = BOTH, readonly = false) {
  const { editor } = makeEditor(config);
  editor.readonly.value = readonly;
  const toolbox = new Toolbox(editor, editor.nodes.get('image') as TagNode);
  await toolbox.load((control) => toolContext(editor, control.name));
  return { editor, toolbox, active: () => toolbox.active?.tool.id };
}

describe('toolbox', () => {
  test('offers each kind of tool once and begins with the first', async () => {
    const { toolbox, active } = await open();
    expect(toolbox.buttons.map(({ tool }) => tool.action)).toEqual(['tool:rectangle', 'tool:rectangle-3point']);
    expect(toolbox.tools.value).toHaveLength(6);
    expect(active()).toBe('rectangle:one');
    expect([...toolbox.shapes.keys()]).toEqual(['rectangle', 'rectanglelabels']);
  });

  test('follows the labels, and keeps the way of drawing', async () => {
    const { editor, toolbox, active } = await open();
    editor.toggleLabel('two', 'B');
    expect(active()).toBe('rectangle:two');
    toolbox.choose('tool:rectangle-3point');
    expect(active()).toBe('rectangle3:two');
    editor.toggleLabel('one', 'A');
    expect(active()).toBe('rectangle3:one');
    editor.toggleLabel('kind', 'C');
    expect(active()).toBe('rectangle3:plain');
    expect(toolbox.isReady).toBe(true);
  });

  test('is ready when a label is on, or none is needed', async () => {
    const labelled = await open(LABELLED);
    expect(labelled.toolbox.isReady).toBe(false);
    labelled.editor.toggleLabel('label', 'Car');
    expect(labelled.toolbox.isReady).toBe(true);
    const empty = await open(LABELLED.replace('toName="image">', 'toName="image" allowEmpty="true">'));
    expect(empty.toolbox.isReady).toBe(true);
  });

  test('selecting and panning have no drawing tool', async () => {
    const { toolbox, active } = await open();
    toolbox.setActive(PAN);
    expect(active()).toBeUndefined();
    toolbox.setActive(SELECT);
    expect(active()).toBeUndefined();
    expect(toolbox.isReady).toBe(false);
  });

  test('a locked annotation has none', async () => {
    const { editor, toolbox, active } = await open(BOTH, true);
    expect(active()).toBeUndefined();
    expect(toolbox.choose('tool:rectangle')).toBe(false);
    expect(editor.activeTool.value).toBe(SELECT);
  });

  test('changing the tool drops what is half drawn', async () => {
    const { editor, toolbox } = await open();
    editor.toggleLabel('one', 'A');
    const tool = toolbox.active?.tool;
    const at = { x: 1, y: 1, screenX: 1, screenY: 1, shift: false, alt: false, mod: false, button: 0, pointerType: 'mouse' } as const;
    tool?.down(at);
    expect(tool?.busy).toBe(true);
    toolbox.setActive(SELECT);
    expect(tool?.busy).toBe(false);
  });
});
