/** The stage of one image: brings camera, scene, tools, pointers and renderer together, and keeps in step with the editor. */
import { effect, signal } from '@preact/signals-core';
import { attribute, flag, numeric } from '../core/node';
import type { ToolContext } from '../core/tool';
import type { Editor, LabelInfo, Region, TagNode } from '../core/types';
import type { Box, Size } from '../geometry/plane';
import { Camera, type CameraOptions } from './camera';
import { EditTool } from './edit-tool';
import { Interaction } from './interaction';
import { Pointers } from './pointers';
import { Renderer, type TopContents } from './renderer';
import { Scene } from './scene';
import { Toolbox } from './toolbox';

export interface StageOptions extends CameraOptions {
  /** Whether rows say which page they are on. */
  paged: boolean;
  /** Rows say nothing about the size of what they are on. */
  bare?: boolean;
}

export class Stage {
  readonly camera: Camera;
  readonly toolbox: Toolbox;
  readonly edit: EditTool;
  readonly scene: Scene;
  readonly renderer: Renderer;
  /** Number of regions on this page. */
  readonly count = signal(0);
  readonly interaction: Interaction;
  private readonly pointers: Pointers;
  private readonly stops: (() => void)[] = [];
  private rotation = 0;
  private loadedFrame = 0;

  /** `image` is the element that shows the picture; it and the layers live inside `element`. */
  constructor(
    private readonly element: HTMLElement,
    private readonly image: HTMLElement,
    private readonly editor: Editor,
    private readonly object: TagNode,
    private readonly options: StageOptions,
  ) {
    this.camera = new Camera(options);
    this.toolbox = new Toolbox(editor, object);
    this.scene = new Scene(editor, object, this.toolbox.shapes);
    this.edit = new EditTool(editor, this.scene, this.camera);
    const grid = flag(object, 'grid') ? { step: numeric(object, 'gridSize', 30), color: attribute(object, 'gridColor') } : null;
    const accent = () => getComputedStyle(element).getPropertyValue('--accent').trim() || '#5b6ee1';
    this.renderer = new Renderer(element, image, this.camera, this.scene, () => this.contents(), { grid, accent });
    this.interaction = new Interaction({
      editor,
      object,
      camera: this.camera,
      scene: this.scene,
      toolbox: this.toolbox,
      edit: this.edit,
      repaint: () => this.renderer.request(),
      setCursor: (cursor) => {
        element.style.cursor = cursor;
      },
    });
    this.pointers = new Pointers(element, this.camera, this.interaction, {
      zoom: flag(object, 'zoom'),
      zoomBy: Math.max(1.01, numeric(object, 'zoomBy', 1.1)),
      inverted: () => editor.settings.peek().invertZoom,
    });
    this.observeSize();
    this.stops.push(editor.regions.subscribe((change) => this.regionsChanged(change.ids, change.all)));
    this.stops.push(effect(() => this.watchEditor()));
    this.stops.push(effect(() => this.watchBase()));
  }

  async load(): Promise<void> {
    await this.toolbox.load((control) => this.contextFor(control));
    for (const shape of new Set(this.toolbox.shapes.values())) if (shape.onLoaded) this.stops.push(shape.onLoaded(() => this.shapesLoaded()));
    this.readAll();
  }

  /** Another picture is shown. `rotation` is how it is turned to begin with. */
  show(size: Size, page: number, rotation: number): void {
    this.interaction.cancel();
    this.scene.size = size;
    this.scene.page = page;
    this.rotation = rotation;
    this.camera.setImage(size, rotation);
    this.readAll();
  }

  /** Nothing is shown until `show`: another picture is being loaded. */
  clear(): void {
    this.show({ width: 0, height: 0 }, this.scene.page, 0);
  }

  /** The same picture changes: another frame of a video. */
  update(size: Size): void {
    this.scene.size = size;
    this.readAll();
  }

  turnBy(degrees: number): void {
    this.camera.turnBy(degrees);
    this.rotation = this.camera.viewport.peek()?.rotation ?? 0;
  }

  private readAll(): void {
    this.scene.readAll();
    this.count.value = this.scene.count;
    this.renderer.shapesChanged();
  }

  /** Once per frame, however many have come. */
  private shapesLoaded(): void {
    cancelAnimationFrame(this.loadedFrame);
    this.loadedFrame = requestAnimationFrame(() => this.readAll());
  }

  private regionsChanged(ids: ReadonlySet<string>, all: boolean): void {
    if (all) {
      this.interaction.cancel();
      this.readAll();
      return;
    }
    if (!this.scene.refresh(ids)) return;
    this.count.value = this.scene.count;
    this.renderer.shapesChanged(ids);
  }

  /** What is on the top layer depends on these. */
  private watchEditor(): void {
    void this.editor.selection.value;
    void this.editor.hovered.value;
    void this.editor.activeTool.value;
    void this.editor.readonly.value;
    void this.camera.viewport.value;
    void this.editor.activeLabels.value;
    void this.edit.point;
    // Arrows between regions are drawn over the task by others: for them a moved view is a scrolled one.
    this.element.dispatchEvent(new Event('scroll'));
    this.element.style.touchAction = this.takesTouch() ? 'none' : 'pan-y';
    this.interaction.updateCursor();
    this.renderer.request();
  }

  private watchBase(): void {
    void this.editor.hidden.value;
    void this.editor.settings.value;
    this.renderer.shapesChanged();
  }

  /** Whether one finger is for the stage; otherwise it scrolls the page. */
  private takesTouch(): boolean {
    return this.toolbox.isReady || this.camera.canPan || this.editor.selection.value.size > 0;
  }

  private observeSize(): void {
    const measure = () => {
      const area = { width: this.element.clientWidth, height: this.element.clientHeight };
      if (area.width === 0 || area.height === 0) return;
      this.camera.setArea(area);
      this.renderer.resize(area, window.devicePixelRatio || 1);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(this.element);
    // Zooming the page or moving the window to another screen changes the pixel ratio, not always the size.
    window.addEventListener('resize', measure);
    this.stops.push(() => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    });
    measure();
  }

  private contextFor(control: TagNode): ToolContext {
    return {
      editor: this.editor,
      control,
      object: this.object,
      size: () => this.scene.size,
      scale: () => this.camera.scale,
      invalidate: () => this.renderer.request(),
      picture: () => (this.image instanceof HTMLImageElement && this.image.complete ? this.image : null),
      rowExtra: () => this.rowExtra(),
    };
  }

  /** Keys of every new row, beside its value. */
  rowExtra(): Record<string, unknown> {
    if (this.options.bare) return {};
    const { size, page } = this.scene;
    return { original_width: size.width, original_height: size.height, image_rotation: this.rotation, ...(this.options.paged && { item_index: page }) };
  }

  private get activeLabel(): LabelInfo | undefined {
    for (const [control, stored] of this.editor.activeLabels.peek()) if (stored[0] !== undefined) return this.editor.label(control, stored[0]);
    return undefined;
  }

  private contents(): TopContents {
    const { editor, edit, scene } = this;
    const marked = [...editor.selection.peek()].flatMap((id) => (editor.hidden.peek().has(id) ? [] : (scene.get(id) ?? [])));
    const hoveredId = editor.hovered.peek();
    const hovered = hoveredId !== null && !editor.hidden.peek().has(hoveredId) ? (scene.get(hoveredId) ?? null) : null;
    const item = edit.handled;
    const { pointerAt } = this.interaction;
    const active = this.toolbox.active;
    const preview = active?.tool.preview;
    const shape = preview && [...this.toolbox.shapes.values()].find((kind) => kind.kind === preview.kind);
    const color = this.activeLabel?.color ?? ((active && attribute(active.control, 'strokeColor')) || '#f48a42');
    return {
      marked,
      hovered,
      live: active?.tool.live ?? edit.live,
      handled: item && { item, handles: (geometry) => edit.handlesOf(item, this.interaction.touch, geometry) },
      preview: preview && shape ? { shape, geometry: preview.geometry, color } : null,
      tip: active?.tool.width && pointerAt ? { at: { x: pointerAt.screenX, y: pointerAt.screenY }, width: active.tool.width.peek() } : null,
      band: edit.band,
      crosshair: flag(this.object, 'crosshair') && pointerAt ? { x: pointerAt.screenX, y: pointerAt.screenY } : null,
      point: edit.point?.id ?? null,
      touch: this.interaction.touch,
      captions: editor.settings.peek().showLabels || flag(this.object, 'showLabels'),
    };
  }

  /** Whether Enter adds a region: nothing is selected, and a label is chosen or there is no region that Enter could select instead. */
  get canAdd(): boolean {
    const tool = this.toolbox.active?.tool;
    return tool?.addDefault !== undefined && !tool.busy && this.editor.selection.peek().size === 0 && (this.toolbox.isReady || this.scene.count === 0);
  }

  /** Where a region is in the window; null while it is off screen. */
  boxOf(id: string): DOMRect | null {
    const item = this.scene.get(id);
    const box = item && !this.editor.isHidden(id) ? this.camera.screenBox(item.bounds) : null;
    if (!box) return null;
    const frame = this.element.getBoundingClientRect();
    if (box.maxX < 0 || box.maxY < 0 || box.minX > frame.width || box.minY > frame.height) return null;
    return new DOMRect(frame.left + box.minX, frame.top + box.minY, box.maxX - box.minX, box.maxY - box.minY);
  }

  /** Brings a region on screen, turning to its page first. */
  reveal(region: Region): void {
    if (this.options.paged) this.editor.item(this.object.name).value = region.item ?? 0;
    const item = this.scene.get(region.id);
    if (item) this.camera.reveal(item.bounds);
  }

  /** The part of the image that is on screen, inside the image. */
  visibleImage(): Box {
    const { minX, minY, maxX, maxY } = this.camera.visible();
    const { width, height } = this.scene.size;
    return { minX: Math.max(0, minX), minY: Math.max(0, minY), maxX: Math.min(width, maxX), maxY: Math.min(height, maxY) };
  }

  destroy(): void {
    cancelAnimationFrame(this.loadedFrame);
    for (const stop of this.stops) stop();
    this.toolbox.destroy();
    this.pointers.destroy();
    this.renderer.destroy();
  }
}
