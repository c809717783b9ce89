/**
 * A drawing tool is a small state machine: it gets pointer and key events in the object's own coordinates
 * and creates or changes regions through the editor. It knows no canvas; the stage shows what `preview` returns.
 */
import type { Editor, TagDefinition, TagNode } from './types';

export interface ToolPointer {
  /** Position in the object: image pixels for Image, before rotation of the view. */
  x: number;
  y: number;
  /** Position on the screen, in CSS pixels relative to the stage. */
  screenX: number;
  screenY: number;
  shift: boolean;
  alt: boolean;
  /** Ctrl, or ⌘ on a Mac. */
  mod: boolean;
  button: number;
  pointerType: 'mouse' | 'pen' | 'touch';
  /** How hard a pen presses, 0 to 1. */
  pressure?: number;
}

export interface ToolContext {
  editor: Editor;
  control: TagNode;
  object: TagNode;
  /** Natural size of the shown item, in its own pixels. */
  size(): { width: number; height: number };
  /** Screen pixels per pixel of the object, to keep distances steady while zoomed. */
  scale(): number;
  /** Asks the stage to draw again because `preview` changed. */
  invalidate(): void;
  /** The picture that is shown, for tools that read its pixels. */
  picture?(): HTMLImageElement | null;
  /** Keys every new region gets: `original_width`, `original_height`, `image_rotation`, `item_index`. */
  rowExtra(): Record<string, unknown>;
}

/** What a tool is drawing right now, in the object's coordinates; the stage knows how to paint `kind`. */
export interface ToolPreview {
  kind: string;
  [key: string]: unknown;
}

export interface Tool {
  /** Unique per control: `rectangle:<control name>`. */
  readonly id: string;
  readonly title: string;
  /** Name of a symbol in the icon sprite. */
  readonly icon: string;
  /** Id of the action whose keys choose the tool, for example `tool:rectangle`. */
  readonly action?: string;
  readonly cursor?: string;
  /** Whether something is half drawn, so that Escape cancels it rather than the selection. */
  readonly busy: boolean;
  readonly preview: ToolPreview | null;
  down(at: ToolPointer): void;
  move(at: ToolPointer): void;
  up(at: ToolPointer): void;
  doubleClick?(at: ToolPointer): void;
  /** Ends what is half drawn, keeping nothing. */
  cancel(): void;
  /** True when the key was used. */
  key?(event: { key: string; shift: boolean; alt: boolean; mod: boolean }): boolean;
}

export type ToolFactory = (context: ToolContext) => Tool;

export interface ToolModule {
  default: ToolFactory;
  /** Words and numbers about its regions, which are needed only with the tool. */
  describe?: TagDefinition['describe'];
  fields?: TagDefinition['fields'];
}
