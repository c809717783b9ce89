/** What can be done to the stage by key, palette and toolbar: the registry's actions of one image. */
import type { Action } from '../core/actions';
import { t } from '../core/text';
import type { Editor } from '../core/types';
import { clamp } from '../geometry/plane';
import type * as Clipboard from './region-clipboard';
import type { Stage } from './stage';
import { PAN, SELECT } from './toolbox';

/** One step of the zoom buttons and keys. */
export const ZOOM_STEP = 1.25;
const FAR = 10;

export interface StageKeyOptions {
  object: string;
  zoom: boolean;
  rotate: boolean;
  /** Turns the picture and remembers it for new rows. */
  turn: (degrees: number) => void;
}

const ARROWS = [
  ['left', -1, 0, () => t('left')],
  ['right', 1, 0, () => t('right')],
  ['up', 0, -1, () => t('up')],
  ['down', 0, 1, () => t('down')],
] as const;

function arrowActions(stage: Stage): Action[] {
  const group = t('Image');
  const when = () => stage.edit.canNudge;
  return ARROWS.flatMap(([key, x, y, name]) => [
    { id: `image:nudge-${key}`, title: t('Move {direction}', { direction: name() }), group, keys: [key], quiet: true, when, run: () => stage.edit.nudge(x, y) },
    {
      id: `image:nudge-far-${key}`,
      title: t('Move 10 pixels {direction}', { direction: name() }),
      group,
      keys: [`shift+${key}`],
      quiet: true,
      when,
      run: () => stage.edit.nudge(x * FAR, y * FAR),
    },
    {
      id: `image:stretch-${key}`,
      title: t('Resize {direction}', { direction: name() }),
      group,
      keys: [`alt+${key}`],
      quiet: true,
      when,
      run: () => stage.edit.stretch(x, y),
    },
    {
      id: `image:stretch-far-${key}`,
      title: t('Resize by 10 pixels {direction}', { direction: name() }),
      group,
      keys: [`alt+shift+${key}`],
      quiet: true,
      when,
      run: () => stage.edit.stretch(x * FAR, y * FAR),
    },
  ]);
}

/** Loaded with its first use; until then nothing was copied. */
let clipboard: typeof Clipboard | null = null;

async function withClipboard(act: (loaded: typeof Clipboard) => void): Promise<void> {
  clipboard ??= await import('./region-clipboard');
  act(clipboard);
}

function clipboardActions(stage: Stage, editor: Editor, object: string): Action[] {
  const group = t('Regions');
  const hasChosen = () => [...editor.selection.peek()].some((id) => stage.scene.get(id));
  const noText = () => getSelection()?.isCollapsed !== false;
  const editable = () => !editor.readonly.peek();
  const args = () => [editor, stage.scene, object, stage.rowExtra(), stage.camera.scale] as const;
  return [
    {
      id: 'image:copy',
      title: t('Copy regions'),
      group,
      keys: ['ctrl+c'],
      when: () => hasChosen() && noText(),
      run: () => void withClipboard(({ copy }) => copy(editor, stage.scene)),
    },
    {
      id: 'image:paste',
      title: t('Paste regions'),
      group,
      keys: ['ctrl+v'],
      when: () => clipboard?.canPaste() === true && editable(),
      run: () => void withClipboard(({ paste }) => paste(...args())),
    },
    {
      id: 'image:duplicate',
      title: t('Duplicate regions'),
      group,
      keys: ['ctrl+d'],
      quiet: true,
      when: () => hasChosen() && editable(),
      run: () => void withClipboard(({ duplicate }) => duplicate(...args())),
    },
    {
      id: 'image:front',
      title: t('Bring to the front'),
      group,
      keys: ['shift+pageup'],
      when: () => hasChosen() && editable(),
      run: () => void withClipboard(({ reorder }) => reorder(editor, stage.scene, 'front')),
    },
    {
      id: 'image:back',
      title: t('Send to the back'),
      group,
      keys: ['shift+pagedown'],
      when: () => hasChosen() && editable(),
      run: () => void withClipboard(({ reorder }) => reorder(editor, stage.scene, 'back')),
    },
    {
      id: 'image:select-all',
      title: t('Select all regions of the image'),
      group,
      keys: ['ctrl+a'],
      when: () => stage.scene.count > 0,
      run: () => stage.edit.selectAll(),
    },
  ];
}

function toolActions(stage: Stage, editor: Editor): Action[] {
  const group = t('Tools');
  const editable = () => !editor.readonly.peek();
  const drawing = stage.toolbox.buttons.map(({ tool }): Action => {
    const id = tool.action ?? tool.id;
    return { id, title: tool.title, group, keys: tool.keys ?? [], when: editable, run: () => stage.toolbox.choose(id) };
  });
  return [
    { id: 'tool:select', title: t('Select and move'), group, keys: ['v'], run: () => stage.toolbox.setActive(SELECT) },
    { id: 'tool:pan', title: t('Pan'), group, keys: ['h'], run: () => stage.toolbox.setActive(PAN) },
    ...drawing,
    {
      id: 'image:add',
      title: t('Add a region in the middle'),
      group,
      keys: ['enter'],
      when: () => stage.canAdd,
      run: () => stage.toolbox.active?.tool.addDefault?.(stage.visibleImage()),
    },
    {
      id: 'image:cancel',
      title: t('Cancel drawing'),
      group,
      keys: ['escape'],
      quiet: true,
      when: () => stage.interaction.isBusy || stage.edit.point !== null,
      run: () => (stage.interaction.isBusy ? stage.interaction.escape() : stage.edit.leavePoint()),
    },
  ];
}

/** What is drawn by clicks, and the corners of what is selected. */
function pointActions(stage: Stage): Action[] {
  const group = t('Points');
  const { edit, interaction } = stage;
  const drawing = () => {
    const tool = stage.toolbox.active?.tool;
    return tool?.busy ? tool : undefined;
  };
  const resize = (by: number) => {
    const { width, widest } = stage.toolbox.active?.tool ?? {};
    if (width) width.value = clamp(Math.round((width.peek() + by) / 5) * 5 || 1, 1, widest ?? width.peek());
    interaction.updateTip();
  };
  const hasTip = () => stage.toolbox.active?.tool.width !== undefined;
  const hasPoint = () => edit.point !== null;
  const hasPoints = () => edit.hasPoints;
  return [
    { id: 'image:finish', title: t('Finish drawing'), group, keys: ['enter'], when: () => drawing()?.finish !== undefined, run: () => interaction.finish() },
    {
      id: 'image:step-back',
      title: t('Take back the last point'),
      group,
      keys: ['ctrl+z', 'backspace'],
      when: () => drawing()?.stepBack !== undefined,
      run: () => drawing()?.stepBack?.(),
    },
    { id: 'image:thinner', title: t('Thinner brush'), group, keys: ['['], when: hasTip, run: () => resize(-5) },
    { id: 'image:thicker', title: t('Thicker brush'), group, keys: [']'], when: hasTip, run: () => resize(5) },
    { id: 'image:next-point', title: t('Next point'), group, keys: ['.'], when: hasPoints, run: () => edit.stepPoint(1) },
    { id: 'image:previous-point', title: t('Previous point'), group, keys: [','], when: hasPoints, run: () => edit.stepPoint(-1) },
    { id: 'image:insert-point', title: t('Add a point behind this one'), group, keys: ['insert'], when: hasPoint, run: () => edit.insertBehindPoint() },
    {
      id: 'image:curve',
      title: t('Make a curve of the point, or a corner'),
      group,
      keys: ['shift+c'],
      when: () => edit.canCurve,
      run: () => edit.toggleCurve(),
    },
    { id: 'image:delete-point', title: t('Delete the point'), group, keys: ['delete', 'backspace'], when: hasPoint, run: () => edit.removePoint() },
  ];
}

function viewActions(stage: Stage, options: StageKeyOptions): Action[] {
  const group = t('View');
  const { camera } = stage;
  const zoom: Action[] = [
    { id: 'image:zoom-in', title: t('Zoom in'), group, keys: ['ctrl+plus', 'ctrl+='], run: () => camera.zoomBy(ZOOM_STEP) },
    { id: 'image:zoom-out', title: t('Zoom out'), group, keys: ['ctrl+minus'], run: () => camera.zoomBy(1 / ZOOM_STEP) },
    { id: 'image:zoom-fit', title: t('Fit the image'), group, keys: ['shift+1'], run: () => camera.fit() },
    { id: 'image:zoom-original', title: t('Original size'), group, keys: ['shift+2'], run: () => camera.original() },
  ];
  const turn: Action[] = [
    { id: 'image:turn-left', title: t('Turn left'), group, keys: ['alt+left'], when: () => !stage.edit.canNudge, run: () => options.turn(-90) },
    { id: 'image:turn-right', title: t('Turn right'), group, keys: ['alt+right'], when: () => !stage.edit.canNudge, run: () => options.turn(90) },
  ];
  return [...(options.zoom ? zoom : []), ...(options.rotate ? turn : [])];
}

export function stageActions(stage: Stage, editor: Editor, options: StageKeyOptions): Action[] {
  return [
    ...pointActions(stage),
    ...toolActions(stage, editor),
    ...arrowActions(stage),
    ...clipboardActions(stage, editor, options.object),
    ...viewActions(stage, options),
  ];
}
