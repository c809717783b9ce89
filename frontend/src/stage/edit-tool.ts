/** Selecting and changing what is there: click, Ctrl+click, rubber band, move, resize, rotate. Knows no canvas and no DOM. */
import { batch, signal } from '@preact/signals-core';
import { t } from '../core/text';
import type { ToolPointer } from '../core/tool';
import type { Editor } from '../core/types';
import { type Box, boxOf, boxOfSize, clampPoint, limitMove, type Point, union } from '../geometry/plane';
import type { Camera } from './camera';
import { CLICK } from './drawing-tool';
import type { Scene, SceneItem } from './scene';
import type { Handle } from './shape';

const HANDLE_REACH = { mouse: 7, pen: 12, touch: 22 };
const BORDER_REACH = { mouse: 4, pen: 6, touch: 12 };

type Drag =
  | { kind: 'handle'; item: SceneItem; handle: Handle }
  | { kind: 'move'; items: readonly SceneItem[]; hull: Box }
  | { kind: 'band'; adds: boolean }
  | { kind: 'press' };

let drags = 0;

export class EditTool {
  /** Geometry of what is being changed, by region. */
  live: ReadonlyMap<string, unknown> = new Map();
  /** The rubber band, in image pixels. */
  band: { from: Point; to: Point } | null = null;
  /** The corner that keys move and take away: region and handle. */
  private readonly corner = signal<{ region: string; handle: string } | null>(null);
  private drag: Drag | null = null;
  private start: ToolPointer | null = null;
  private moved = false;
  /** What a click without movement selects. */
  private clicked: (() => void) | null = null;

  constructor(
    private readonly editor: Editor,
    private readonly scene: Scene,
    private readonly camera: Camera,
  ) {}

  get busy(): boolean {
    return this.drag !== null && this.moved;
  }

  /** The one region whose handles are shown. */
  get handled(): SceneItem | null {
    const selection = this.editor.selection.peek();
    if (selection.size !== 1) return null;
    const [id] = selection;
    const item = this.scene.get(id as string);
    return item && !this.editor.isHidden(item.id) && this.editor.canEdit(item.id) ? item : null;
  }

  /** The handle of the chosen corner, while its region is the one that has handles. Reads a signal. */
  get point(): Handle | null {
    const chosen = this.corner.value;
    const item = this.handled;
    if (!chosen || item?.id !== chosen.region) return null;
    return this.handlesOf(item, false).find(({ id, kind }) => id === chosen.handle && kind === 'point') ?? null;
  }

  /** Chooses the next corner of the selected region, or the one before. Answers whether there are any. */
  stepPoint(by: number): boolean {
    const item = this.handled;
    const points = item ? this.handlesOf(item, false).filter(({ kind }) => kind === 'point') : [];
    if (!item || points.length === 0) return false;
    const now = points.findIndex(({ id }) => id === this.point?.id);
    const next = now < 0 ? (by > 0 ? 0 : points.length - 1) : (now + by + points.length) % points.length;
    this.corner.value = { region: item.id, handle: (points[next] as Handle).id };
    return true;
  }

  /** Lets go of the chosen corner. */
  leavePoint(): void {
    this.corner.value = null;
  }

  get hasPoints(): boolean {
    const item = this.handled;
    return item?.shape.remove !== undefined;
  }

  /** Takes a corner away; says so when the shape needs all it has. */
  removePoint(handle = this.point?.id): void {
    const item = this.handled;
    if (!item || handle === undefined) return;
    const geometry = item.shape.remove?.(item.geometry, handle);
    if (!geometry) {
      this.editor.say(t('It needs the points it has. Delete the region instead.'), 'problem');
      return;
    }
    drags += 1;
    this.store(new Map([[item.id, geometry]]), t('Delete point'), `drag:${drags}`);
    this.leavePoint();
  }

  /** A new corner on the edge of this `add` handle, which is chosen then. */
  insertPoint(item: SceneItem, handle: string, at: Point): void {
    const made = item.shape.insert?.(item.geometry, handle, at);
    if (!made) return;
    const geometry = item.snap ? item.shape.snap(made.geometry, this.scene.size) : made.geometry;
    drags += 1;
    this.store(new Map([[item.id, geometry]]), t('Add point'), `drag:${drags}`);
    this.corner.value = { region: item.id, handle: made.handle };
  }

  /** The chosen corner becomes a curve, or a corner again. */
  toggleCurve(): void {
    const item = this.handled;
    const { point } = this;
    const geometry = item && point && item.shape.toggleCurve?.(item.geometry, point.id);
    if (!item || !geometry) return;
    drags += 1;
    this.store(new Map([[item.id, geometry]]), t('Curve'), `drag:${drags}`);
  }

  get canCurve(): boolean {
    return this.point !== null && this.handled?.shape.toggleCurve !== undefined;
  }

  /** A new corner in the middle of the edge behind the chosen one. */
  insertBehindPoint(): void {
    const item = this.handled;
    const { point } = this;
    if (!item || !point) return;
    const add = `m${point.id.slice(1)}`;
    const middle = item.shape.handles(item.geometry, { scale: Number.POSITIVE_INFINITY, canRotate: false, touch: false }).find(({ id }) => id === add);
    if (middle) this.insertPoint(item, add, middle.at);
  }

  handlesOf(item: SceneItem, touch: boolean, geometry: unknown = item.geometry): readonly Handle[] {
    return item.shape.handles(geometry, { scale: this.camera.scale, canRotate: item.canRotate, touch });
  }

  handleAt(at: ToolPointer): Handle | null {
    const item = this.handled;
    if (!item) return null;
    const reach = HANDLE_REACH[at.pointerType];
    let best: Handle | null = null;
    let nearest = reach;
    for (const handle of this.handlesOf(item, at.pointerType === 'touch')) {
      const screen = this.camera.toScreen(handle.at);
      const away = Math.hypot(screen.x - at.screenX, screen.y - at.screenY);
      if (away <= nearest) [best, nearest] = [handle, away];
    }
    if (!best || best.kind === 'rotate' || best.kind === 'point') return best;
    // The middle of a small shape is for moving it.
    const box = this.camera.screenBox(item.bounds);
    const inside = item.shape.hit(item.geometry, at, 0);
    const small = box && Math.min(box.maxX - box.minX, box.maxY - box.minY) < 3 * reach;
    return inside && small && nearest > reach / 3 ? null : best;
  }

  hits(at: ToolPointer): SceneItem[] {
    return this.scene.at(at, BORDER_REACH[at.pointerType] / this.camera.scale);
  }

  /** A selected region that may be changed and whose outline is near. */
  borderAt(at: ToolPointer): SceneItem | null {
    const reach = BORDER_REACH[at.pointerType] / this.camera.scale;
    const selection = this.editor.selection.peek();
    return (
      this.scene
        .at(at, reach)
        .find((item) => selection.has(item.id) && this.editor.canEdit(item.id) && item.shape.borderDistance(item.geometry, at) <= reach) ?? null
    );
  }

  /** Begins to drag a handle. */
  downOnHandle(at: ToolPointer, handle: Handle): void {
    const item = this.handled;
    if (!item) return;
    if (handle.kind === 'point' && !at.alt) this.corner.value = { region: item.id, handle: handle.id };
    const clicked =
      handle.kind === 'add' ? () => this.insertPoint(item, handle.id, handle.at) : handle.kind === 'point' && at.alt ? () => this.removePoint(handle.id) : null;
    this.begin(at, { kind: 'handle', item, handle }, clicked);
  }

  /** A press on a region: selects it, or one below it by a second click; a drag moves what is selected. */
  downOnRegion(at: ToolPointer, hits: readonly SceneItem[]): void {
    const selection = this.editor.selection.peek();
    const top = hits[0] as SceneItem;
    if (at.mod) {
      this.begin(at, { kind: 'press' }, () => this.editor.select([top.id], 'toggle'));
      return;
    }
    const held = hits.find((item) => selection.has(item.id));
    const next = held && selection.size === 1 ? (hits[(hits.indexOf(held) + 1) % hits.length] as SceneItem) : top;
    if (!held) this.editor.select([top.id]);
    const now = this.editor.selection.peek();
    const items = [...now].flatMap((id) => this.scene.get(id) ?? []).filter((item) => this.editor.canEdit(item.id) && !this.editor.isHidden(item.id));
    const drag: Drag = items.length > 0 ? { kind: 'move', items, hull: items.map((item) => item.bounds).reduce(union) } : { kind: 'press' };
    this.begin(at, drag, held ? this.secondClick(at, held, next) : null);
  }

  /** On the outline of the only selected shape a click makes a new corner; elsewhere it selects what lies below. */
  private secondClick(at: ToolPointer, held: SceneItem, next: SceneItem): () => void {
    const { shape, geometry } = held;
    const isNear = shape.borderDistance(geometry, at) <= BORDER_REACH[at.pointerType] / this.camera.scale;
    if (isNear && shape.edgeAt && this.handled === held) {
      const edge = shape.edgeAt(geometry, at);
      return () => this.insertPoint(held, edge, at);
    }
    return () => this.editor.select([next.id]);
  }

  /** A press on nothing: a rubber band, or a click that ends the selection. */
  downOnNothing(at: ToolPointer, band: boolean): void {
    const clear = at.mod ? null : () => this.editor.select([]);
    this.begin(at, band ? { kind: 'band', adds: at.mod } : { kind: 'press' }, clear);
  }

  private begin(at: ToolPointer, drag: Drag, clicked: (() => void) | null = null): void {
    this.drag = drag;
    this.start = at;
    this.moved = false;
    this.clicked = clicked;
  }

  move(at: ToolPointer): void {
    const { drag, start } = this;
    if (!drag || !start) return;
    if (!this.moved && Math.hypot(at.screenX - start.screenX, at.screenY - start.screenY) < CLICK) return;
    this.moved = true;
    const { size } = this.scene;
    switch (drag.kind) {
      case 'handle': {
        const { item, handle } = drag;
        const options = { size, start, constrain: at.shift, fromCenter: at.alt, snap: item.snap };
        this.live = new Map([[item.id, item.shape.drag(item.geometry, handle.id, at, options)]]);
        break;
      }
      case 'move': {
        const step = limitMove(drag.hull, at.x - start.x, at.y - start.y, size);
        this.live = new Map(drag.items.map((item) => [item.id, this.shifted(item, step)]));
        break;
      }
      case 'band':
        this.band = { from: start, to: at };
        break;
      case 'press':
        break;
    }
  }

  private shifted({ shape, geometry, snap }: SceneItem, { x, y }: Point): unknown {
    const moved = shape.move(geometry, x, y);
    return snap ? shape.snap(moved, this.scene.size) : moved;
  }

  up(at: ToolPointer): void {
    this.move(at);
    const { drag, moved, live, band, clicked } = this;
    this.cancel();
    if (!drag) return;
    if (!moved) {
      clicked?.();
      return;
    }
    if (drag.kind === 'band' && band) {
      const box = boxOf([band.from, band.to]);
      const caught = this.scene
        .within(box)
        .filter(({ bounds }) => bounds.minX < box.maxX && bounds.maxX > box.minX && bounds.minY < box.maxY && bounds.maxY > box.minY);
      this.editor.select(
        caught.map((item) => item.id),
        drag.adds ? 'add' : 'replace',
      );
      return;
    }
    if (drag.kind === 'handle' && drag.handle.kind === 'add') {
      const made = drag.item.shape.insert?.(drag.item.geometry, drag.handle.id, drag.handle.at);
      if (made) this.corner.value = { region: drag.item.id, handle: made.handle };
    }
    const label = drag.kind === 'move' ? t('Move') : drag.kind === 'handle' && drag.handle.kind === 'rotate' ? t('Rotate') : t('Resize');
    drags += 1;
    this.store(live, label, `drag:${drags}`);
  }

  cancel(): void {
    this.drag = null;
    this.start = null;
    this.moved = false;
    this.band = null;
    this.live = new Map();
    this.clicked = null;
  }

  /** Writes changed geometry to the rows, as one step of undo. */
  store(changes: ReadonlyMap<string, unknown>, label: string, merge: string): void {
    batch(() => {
      for (const [id, geometry] of changes) {
        const item = this.scene.get(id);
        if (item) this.editor.updateRegion(id, item.shape.write(geometry, this.scene.size, item.geometry), { label, merge });
      }
    });
  }

  private selectedItems(): SceneItem[] {
    return [...this.editor.selection.peek()].flatMap((id) => this.scene.get(id) ?? []).filter((item) => this.editor.canEdit(item.id));
  }

  get canNudge(): boolean {
    return this.selectedItems().length > 0;
  }

  /** Moves the selection by whole image pixels; held keys are one step of undo. */
  nudge(dx: number, dy: number): void {
    const items = this.selectedItems();
    if (items.length === 0) return;
    const { point } = this;
    if (point) {
      this.nudgePoint(items[0] as SceneItem, point, dx, dy);
      return;
    }
    const step = limitMove(items.map((item) => item.bounds).reduce(union), dx, dy, this.scene.size);
    const ids = items.map((item) => item.id).join();
    this.store(new Map(items.map((item) => [item.id, item.shape.move(item.geometry, step.x, step.y)])), t('Move'), `nudge:${ids}`);
  }

  private nudgePoint(item: SceneItem, { id, at: start }: Handle, dx: number, dy: number): void {
    const { size } = this.scene;
    const at = clampPoint({ x: start.x + dx, y: start.y + dy }, union(boxOfSize(size), boxOf([start])));
    const geometry = item.shape.drag(item.geometry, id, at, { size, start, constrain: false, fromCenter: false, snap: item.snap });
    this.store(new Map([[item.id, geometry]]), t('Move point'), `point:${item.id}:${id}`);
  }

  /** Grows or shrinks the selection by whole image pixels. */
  stretch(dWidth: number, dHeight: number): void {
    const items = this.selectedItems();
    const ids = items.map((item) => item.id).join();
    const { size } = this.scene;
    this.store(new Map(items.map((item) => [item.id, item.shape.stretch(item.geometry, dWidth, dHeight, size)])), t('Resize'), `stretch:${ids}`);
  }

  /** All regions of the page that are not hidden. */
  selectAll(): void {
    this.editor.select(this.scene.within(union(boxOfSize(this.scene.size), this.camera.visible())).map((item) => item.id));
  }
}
