/** What tests of stage and image tags need: an editor without a screen, a scene and a camera over a plain image. */
import { parseConfig } from '../core/config';
import { AnnotationEditor } from '../core/editor';
import { expandConfig } from '../core/expand';
import type { ToolContext, ToolPointer } from '../core/tool';
import type { ResultRow, TagNode } from '../core/types';
import type { Size } from '../geometry/plane';
import { rectangleShape } from '../tags/rectangle/shape';
import { Camera } from './camera';
import { EditTool } from './edit-tool';
import { Scene } from './scene';
import type { ShapeKind } from './shape';

export const LABELLED = `<View><RectangleLabels name="label" toName="image"><Label value="Person"/><Label value="Car" background="#123456"/></RectangleLabels><Image name="image" value="$image"/></View>`;

export function makeEditor(config: string, rows: readonly ResultRow[] = [], data: Record<string, unknown> = { image: 'a.jpg' }) {
  const said: string[] = [];
  const editor = new AnnotationEditor({ root: expandConfig(parseConfig(config), data), data, rows, say: (sentence) => said.push(sentence) });
  return { editor, said };
}

export function box(id: string, x: number, y: number, width: number, height: number, more: Record<string, unknown> = {}): ResultRow {
  const value = { x, y, width, height, rotation: 0, rectanglelabels: ['Car'] };
  return {
    original_width: 1000,
    original_height: 500,
    image_rotation: 0,
    value,
    id,
    from_name: 'label',
    to_name: 'image',
    type: 'rectanglelabels',
    origin: 'manual',
    ...more,
  };
}

/** A stage without a screen: an image of 1000 × 500 shown at half its size, with its top left corner at (12, 12). */
export function makeScene(editor: AnnotationEditor, size: Size = { width: 1000, height: 500 }, kinds: readonly ShapeKind[] = [rectangleShape as ShapeKind]) {
  const shapes = new Map<string, ShapeKind>(kinds.flatMap((kind) => kind.types.map((type) => [type, kind] as const)));
  const scene = new Scene(editor, editor.nodes.get('image') as TagNode, shapes);
  scene.size = size;
  scene.readAll();
  editor.regions.subscribe(({ ids, all }) => void (all ? scene.readAll() : scene.refresh(ids)));
  const camera = new Camera({ alignment: { across: 'start', down: 'start' }, firstZoom: 'fit', negativeZoom: false });
  camera.setArea({ width: size.width / 2 + 24, height: size.height / 2 + 24 });
  camera.setImage(size);
  const edit = new EditTool(editor, scene, camera);
  /** A pointer event over a point of the image. */
  const at = (x: number, y: number, keys: Partial<ToolPointer> = {}): ToolPointer => {
    const screen = camera.toScreen({ x, y });
    return { x, y, screenX: screen.x, screenY: screen.y, shift: false, alt: false, mod: false, button: 0, pointerType: 'mouse', ...keys };
  };
  return { scene, camera, edit, at };
}

export function toolContext(editor: AnnotationEditor, control: string, size: Size = { width: 1000, height: 500 }): ToolContext {
  return {
    editor,
    control: editor.nodes.get(control) as TagNode,
    object: editor.nodes.get('image') as TagNode,
    size: () => size,
    scale: () => 0.5,
    invalidate: () => {},
    rowExtra: () => ({ original_width: size.width, original_height: size.height, image_rotation: 0 }),
  };
}
