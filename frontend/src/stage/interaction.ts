/**
 * Who a press on the stage belongs to: the active tool, what edits regions, or the view. One drag at a time; a press that could still be
 * a click or a drag stays undecided until it moves.
 */
import { flag } from '../core/node';
import type { ToolPointer } from '../core/tool';
import type { Editor, TagNode } from '../core/types';
import type { Camera } from './camera';
import { dragCursor, handleCursor } from './cursors';
import { CLICK } from './drawing-tool';
import type { EditTool } from './edit-tool';
import type { PointerTarget } from './pointers';
import type { Scene } from './scene';
import { PAN, SELECT, type Toolbox } from './toolbox';

type Owner = { kind: 'none' | 'edit' | 'tool' | 'pan' } | { kind: 'undecided'; press: ToolPointer };

export interface Surroundings {
  readonly editor: Editor;
  readonly object: TagNode;
  readonly camera: Camera;
  readonly scene: Scene;
  readonly toolbox: Toolbox;
  readonly edit: EditTool;
  /** Draw the top layer again. */
  repaint(): void;
  setCursor(cursor: string): void;
}

export class Interaction implements PointerTarget {
  /** Where the pointer is; null when it is elsewhere. */
  pointerAt: ToolPointer | null = null;
  /** The last pointer was a finger. */
  touch = false;
  private owner: Owner = { kind: 'none' };
  private isPanning = false;
  private cursor = '';

  constructor(private readonly around: Surroundings) {}

  down(at: ToolPointer): 'pan' | 'work' {
    const { editor, edit, toolbox } = this.around;
    this.touch = at.pointerType === 'touch';
    this.pointerAt = at;
    const active = toolbox.active;
    if (active?.tool.busy) {
      this.owner = { kind: 'tool' };
      active.tool.down(at);
      return 'work';
    }
    if (editor.activeTool.peek() === PAN) return 'pan';
    if (active && !at.shift && !at.mod && active.tool.takes?.(at, toolbox.isReady)) {
      this.owner = { kind: 'tool' };
      active.tool.down(at);
      return 'work';
    }
    const handle = edit.handleAt(at);
    if (handle) return this.startEdit(() => edit.downOnHandle(at, handle));
    if (at.shift) return 'pan';
    const hits = edit.hits(at);
    const bands = flag(this.around.object, 'selectionControl');
    if (at.mod) return this.startEdit(() => (hits.length > 0 ? edit.downOnRegion(at, hits) : edit.downOnNothing(at, bands)));
    const border = active && edit.borderAt(at);
    if (border) return this.startEdit(() => edit.downOnRegion(at, [border]));
    if (active && (toolbox.isReady || (hits.length === 0 && !this.touch))) return this.wait(at);
    const selection = editor.selection.peek();
    if (hits.length > 0 && (!this.touch || hits.some((item) => selection.has(item.id)))) return this.startEdit(() => edit.downOnRegion(at, hits));
    // A finger that has nothing to draw pans; a tap selects.
    return this.touch ? this.wait(at) : this.startEdit(() => edit.downOnNothing(at, bands));
  }

  private wait(press: ToolPointer): 'work' {
    this.owner = { kind: 'undecided', press };
    return 'work';
  }

  private startEdit(begin: () => void): 'work' {
    this.owner = { kind: 'edit' };
    begin();
    return 'work';
  }

  move(at: ToolPointer): void {
    const { camera, edit, toolbox } = this.around;
    const last = this.pointerAt;
    this.pointerAt = at;
    const { owner } = this;
    if (owner.kind === 'undecided' && Math.hypot(at.screenX - owner.press.screenX, at.screenY - owner.press.screenY) >= CLICK) this.decide(owner.press);
    if (this.owner.kind === 'edit') edit.move(at);
    else if (this.owner.kind === 'tool') toolbox.active?.tool.move(at);
    else if (this.owner.kind === 'pan' && last) camera.panBy(at.screenX - last.screenX, at.screenY - last.screenY);
    this.around.repaint();
  }

  /** An undecided press has become a drag. */
  private decide(press: ToolPointer): void {
    const { editor, toolbox } = this.around;
    const active = toolbox.active;
    if (active && (toolbox.isReady || !this.touch)) {
      this.owner = { kind: 'tool' };
      editor.select([]);
      active.tool.down(press);
    } else this.owner = { kind: 'pan' };
  }

  up(at: ToolPointer): void {
    const { edit, toolbox } = this.around;
    const { owner } = this;
    this.owner = { kind: 'none' };
    if (owner.kind === 'edit') edit.up(at);
    else if (owner.kind === 'tool') this.drawn(() => toolbox.active?.tool.up(at));
    else if (owner.kind === 'undecided') this.click(owner.press);
    this.updateCursor();
    this.around.repaint();
  }

  /** A press that did not move: selects what is there, ends a selection, or begins to draw by clicks. */
  private click(at: ToolPointer): void {
    const { editor, edit, toolbox } = this.around;
    const active = toolbox.active;
    const clicks = active?.tool.clicks === true && toolbox.isReady;
    // Where clicks draw they do so inside other shapes too: only another point is in the way.
    const hits = clicks ? edit.hits(at).filter(({ shape, geometry }) => shape.area(geometry) === 0) : edit.hits(at);
    if (hits.length > 0) {
      edit.downOnRegion(at, hits);
      edit.up(at);
      return;
    }
    if (!clicks && (editor.selection.peek().size > 0 || !active || !toolbox.isReady || this.touch)) {
      editor.select([]);
      return;
    }
    if (!active) return;
    editor.select([]);
    active.tool.down(at);
    this.drawn(() => active.tool.up(at));
  }

  /** Runs what may create a region; then lets go of the tool if people want that. */
  private drawn(act: () => void): void {
    const { editor, scene, toolbox } = this.around;
    const before = scene.count;
    act();
    if (scene.count > before && !editor.settings.peek().keepTool) toolbox.setActive(SELECT);
  }

  hover(at: ToolPointer | null): void {
    const { editor, edit, scene, toolbox, object } = this.around;
    this.pointerAt = at;
    if (at) this.touch = at.pointerType === 'touch';
    const tool = toolbox.active?.tool;
    if (at && tool?.busy) tool.move(at);
    const top = at && !tool?.busy && editor.activeTool.peek() !== PAN ? edit.hits(at)[0] : undefined;
    const hovered = editor.hovered.peek();
    if (top) editor.hovered.value = top.id;
    else if (hovered !== null && scene.get(hovered)) editor.hovered.value = null;
    this.updateCursor();
    if (flag(object, 'crosshair') || tool?.busy || tool?.width) this.around.repaint();
  }

  panning(on: boolean): void {
    this.isPanning = on;
    this.updateCursor();
  }

  /** The tip's width changed. */
  updateTip(): void {
    this.around.repaint();
  }

  updateCursor(): void {
    this.cursor = this.chooseCursor();
    this.around.setCursor(this.cursor);
  }

  private chooseCursor(): string {
    const { editor, edit, toolbox, camera } = this.around;
    if (this.isPanning) return 'grabbing';
    if (editor.activeTool.peek() === PAN) return 'grab';
    if (edit.busy) return this.cursor;
    const at = this.pointerAt;
    const active = toolbox.active;
    if (at && !active?.tool.busy) {
      const handle = edit.handleAt(at);
      if (handle) return handleCursor(handle, camera.viewport.peek()?.rotation ?? 0);
      if (active && edit.borderAt(at)) return dragCursor;
      const top = edit.hits(at)[0];
      if (top && !toolbox.isReady) return editor.selection.peek().has(top.id) && editor.canEdit(top.id) ? dragCursor : 'pointer';
    }
    return active?.tool.cursor ?? 'default';
  }

  /** Something is half drawn or half moved. */
  get isBusy(): boolean {
    return this.around.edit.busy || this.around.toolbox.active?.tool.busy === true;
  }

  /** The press came to nothing; what was drawn by presses before it stays. */
  release(): void {
    const { edit, toolbox } = this.around;
    const tool = toolbox.active?.tool;
    edit.cancel();
    if (this.owner.kind === 'tool' && tool) {
      if (tool.release) tool.release();
      else tool.cancel();
    }
    this.owner = { kind: 'none' };
    this.around.repaint();
  }

  /** Ends what is drawn by clicks and keeps it. */
  finish(): boolean {
    let done = false;
    this.drawn(() => {
      done = this.around.toolbox.active?.tool.finish?.() ?? false;
    });
    return done;
  }

  /** Drops what is half done, or ends it where the tool says that Escape does. */
  escape(): void {
    const tool = this.around.toolbox.active?.tool;
    if (!(tool?.busy && tool.keepsOnEscape && this.finish())) this.cancel();
  }

  /** Drops what is half done. Answers whether there was something. */
  cancel(): boolean {
    const had = this.isBusy;
    this.around.edit.cancel();
    this.around.toolbox.active?.tool.cancel();
    this.owner = { kind: 'none' };
    this.around.repaint();
    return had;
  }
}
