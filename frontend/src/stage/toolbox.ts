/** The tools of one object's controls: loaded with their shapes, chosen by button, key or label. */
import { effect, signal, untracked } from '@preact/signals-core';
import { flag } from '../core/node';
import { tagDefinition } from '../core/registry';
import type { Tool, ToolContext } from '../core/tool';
import type { Editor, TagNode } from '../core/types';
import type { ShapeKind } from './shape';

/** Ids of `editor.activeTool` that every stage knows. */
export const SELECT = '';
export const PAN = 'pan';

export interface LoadedTool {
  readonly tool: Tool;
  readonly control: TagNode;
}

export class Toolbox {
  /** All tools, in the order of the controls. */
  readonly tools = signal<readonly LoadedTool[]>([]);
  /** Shapes by the `type` of rows. */
  readonly shapes = new Map<string, ShapeKind>();
  private stop: () => void = () => {};

  constructor(
    private readonly editor: Editor,
    private readonly object: TagNode,
  ) {}

  /** Loads tools and shapes of all controls. `contextFor` makes what a tool works with. */
  async load(contextFor: (control: TagNode) => ToolContext): Promise<void> {
    const controls = this.editor.controlsFor(this.object.name);
    const modules = await Promise.all(controls.map((control) => tagDefinition(control.tag)?.tool?.()));
    const tools: LoadedTool[] = [];
    for (const [place, module] of modules.entries()) {
      if (!module) continue;
      const control = controls[place] as TagNode;
      for (const type of module.shape?.types ?? []) this.shapes.set(type, module.shape as ShapeKind);
      const context = contextFor(control);
      for (const factory of [module.default, ...(module.more ?? [])]) tools.push({ tool: factory(context), control });
    }
    this.tools.value = tools;
    if (this.editor.activeTool.peek() === SELECT && tools[0] && !this.editor.readonly.peek()) this.editor.activeTool.value = tools[0].tool.id;
    this.stop = effect(() => {
      const labels = this.editor.activeLabels.value;
      untracked(() => this.followLabels(labels));
    });
  }

  /** The drawing tool that is active, if it is one of this object. */
  get active(): LoadedTool | null {
    const id = this.editor.activeTool.value;
    return this.editor.readonly.value ? null : (this.tools.value.find(({ tool }) => tool.id === id) ?? null);
  }

  /** One tool per action, in order: what the toolbar shows. */
  get buttons(): readonly LoadedTool[] {
    const seen = new Set<string>();
    return this.tools.value.filter(({ tool }) => {
      const key = tool.action ?? tool.id;
      return seen.has(key) ? false : seen.add(key);
    });
  }

  /** Chooses the tool of this action: of the control whose labels are on, or of the first. */
  choose(action: string): boolean {
    const fitting = this.tools.peek().filter(({ tool }) => (tool.action ?? tool.id) === action);
    const labels = this.editor.activeLabels.peek();
    const next = fitting.find(({ control }) => labels.has(control.name)) ?? fitting[0];
    if (!next || this.editor.readonly.peek()) return false;
    this.setActive(next.tool.id);
    return true;
  }

  /** Another tool; what is half drawn with the present one is dropped. */
  setActive(id: string): void {
    const before = untracked(() => this.active);
    if (before && before.tool.id !== id) before.tool.cancel();
    this.editor.activeTool.value = id;
  }

  /** A label set was switched on: take the tool that draws for it. */
  private followLabels(labels: ReadonlyMap<string, readonly string[]>): void {
    const tools = this.tools.peek();
    const [control] = labels.keys();
    const current = this.active;
    if (control !== undefined) {
      const own = tools.filter((entry) => entry.control.name === control);
      const isPlain = own.length === 0 && this.editor.nodes.get(control)?.toName.includes(this.object.name);
      const candidates = isPlain ? tools.filter((entry) => this.editor.labelsOf(entry.control.name).length === 0) : own;
      const next =
        candidates.find(({ tool }) => tool.id === current?.tool.id) ?? candidates.find(({ tool }) => tool.action === current?.tool.action) ?? candidates[0];
      const waits = current?.tool.busy && next?.tool.id !== current.tool.id;
      if (next && !waits) this.setActive(next.tool.id);
    }
    this.active?.tool.labelsChanged?.();
  }

  /** Whether a press with the active tool can draw now, rather than wait for a label. */
  get isReady(): boolean {
    const { active } = this;
    if (!active) return false;
    const { control } = active;
    return this.editor.labelsOf(control.name).length === 0 || flag(control, 'allowEmpty') || this.editor.activeLabels.value.has(control.name);
  }

  destroy(): void {
    this.stop();
    for (const { tool } of this.tools.peek()) tool.cancel();
  }
}
