/**
 * The vocabulary of the editor. No DOM, no Preact: views, stage and network code all speak in these types.
 */
import type { ReadonlySignal, Signal } from '@preact/signals-core';
import type { ComponentType } from 'preact';
import type { Action, ActionRegistry } from './actions';
import type { ToolModule } from './tool';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One tag of a config as `labeling/README.md` defines the canonical tree. */
export interface ConfigNode {
  tag: string;
  attributes: Record<string, string>;
  text: string | null;
  children: ConfigNode[];
}

/**
 * One tag of a config, expanded for one task: Repeaters unrolled, `$variables` put in, task-made children added.
 * Read attributes through `attribute`, `flag` and `numeric` of `node.ts`: they know the defaults.
 */
export interface TagNode {
  /** Unique in this tree and stable over re-expansion, for example `0.2.1`. */
  readonly key: string;
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string | null;
  readonly children: readonly TagNode[];
  readonly parent: TagNode | null;
  /** `name`, or `''`. */
  readonly name: string;
  /** `toName`, split at commas. */
  readonly toName: readonly string[];
  /** The attribute `value` (or the text body) with the task's data in place: any JSON value. */
  readonly value: unknown;
}

/** One row of an annotation's `result`. Rows are the truth: unknown keys are kept, rows are never mutated. */
export interface ResultRow {
  readonly id?: string;
  readonly type: string;
  readonly from_name?: string;
  readonly to_name?: string;
  readonly value?: Readonly<Record<string, unknown>>;
  readonly origin?: string;
  readonly score?: number | null;
  readonly parentID?: string | null;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly readonly?: boolean;
  readonly hidden?: boolean;
  readonly item_index?: number;
  readonly from_id?: string;
  readonly to_id?: string;
  readonly direction?: string;
  readonly labels?: readonly string[];
  readonly [key: string]: unknown;
}

/** Names one row inside one annotation; made by the row store, the same for the same rows in the same order. */
export type RowKey = string;

/** One row before and after a change. A missing side means it did not exist. */
export interface Patch {
  readonly id: RowKey;
  readonly before?: ResultRow;
  readonly after?: ResultRow;
}

export interface Transaction {
  readonly patches: readonly Patch[];
  /** What a person would call it: "Add region", "Move". Shown beside Undo. */
  readonly label: string;
  readonly origin: 'user' | 'remote' | 'load';
}

/** All rows that share one id and mark a part of an object, joined for display. */
export interface Region {
  readonly id: string;
  readonly rows: readonly ResultRow[];
  /** The row that says where the region is: its own control's row, never that of a per-region answer. */
  readonly main: ResultRow;
  /** Label values over all rows, in the order of the rows. */
  readonly labels: readonly string[];
  readonly control: string;
  readonly object: string;
  readonly score: number | null;
  readonly parent: string | null;
  readonly locked: boolean;
  readonly item: number | null;
}

export interface RegionChange {
  /** Ids of the regions that were added, changed or removed. */
  readonly ids: ReadonlySet<string>;
  /** True when everything was replaced (another annotation was opened): read all again. */
  readonly all: boolean;
}

/** Read access to the regions of the open annotation. */
export interface RegionStore {
  /** Ids of rows that are shown but in no result yet: what a model suggests. */
  readonly withheld: ReadonlySet<string>;
  /** Rises with every change; read it in an effect or component to run again. */
  readonly revision: ReadonlySignal<number>;
  readonly size: number;
  get(id: string): Region | undefined;
  /** All regions, oldest first; with a name only those of that object. */
  list(object?: string): readonly Region[];
  /** One region as a signal, for a component that shows just this one. */
  watch(id: string): ReadonlySignal<Region | undefined>;
  /** Calls back after each transaction, synchronously, once. Returns the function that ends it. */
  subscribe(listener: (change: RegionChange) => void): () => void;
}

/** What an answer is about, beyond its object. */
export interface AnswerScope {
  region?: string;
  item?: number;
}

/** `key` absent: add `row`. `row` absent: remove. */
export interface RowChange {
  key?: RowKey;
  row?: ResultRow;
}

/** What a region control hands over when something was drawn or selected. */
export interface NewRegion {
  /** Name of the control (`RectangleLabels`, `Rectangle`, `Labels`…). */
  control: string;
  /** Name of the object. */
  object: string;
  /** The geometry, without label keys: `{x, y, width, height, rotation}`. */
  value: Record<string, unknown>;
  /** Other keys of the row: `original_width`, `original_height`, `image_rotation`, `item_index`… */
  extra?: Record<string, unknown>;
  /** Labels by control name; those that are active when absent. */
  labels?: ReadonlyMap<string, readonly string[]>;
  parent?: string;
}

/** One choice of a label set, with everything that is shown about it. */
export interface LabelInfo {
  /** What is stored in results: the alias if there is one. */
  readonly stored: string;
  readonly title: string;
  readonly color: string;
  readonly hotkey: string;
  readonly hint: string;
  readonly control: string;
  readonly maxUsages: number;
  readonly node: TagNode;
}

export interface EditorSettings {
  labelHotkeys: boolean;
  showHotkeys: boolean;
  showLabels: boolean;
  keepLabel: boolean;
  selectAfterCreate: boolean;
  keepTool: boolean;
  /** Tasks with one question: the answer is sent at once. */
  autoAdvance: boolean;
  smoothing: boolean;
  invertZoom: boolean;
}

export interface TaskPerson {
  id: number;
  email?: string;
  first_name?: string;
  last_name?: string;
  initials?: string;
}

export interface AnnotationRecord {
  id: number;
  result: ResultRow[];
  created_at?: string;
  updated_at?: string;
  completed_by?: TaskPerson | number | null;
  was_cancelled?: boolean;
  ground_truth?: boolean;
  lead_time?: number | null;
  parent_prediction?: number | null;
  parent_annotation?: number | null;
  [key: string]: unknown;
}

export interface PredictionRecord {
  id: number;
  result: ResultRow[];
  score?: number | null;
  model_version?: string | null;
  created_at?: string;
  [key: string]: unknown;
}

export interface DraftRecord {
  id: number;
  result: ResultRow[];
  annotation?: number | null;
  lead_time?: number | null;
  updated_at?: string;
  [key: string]: unknown;
}

export interface TaskRecord {
  id: number;
  data: Record<string, unknown>;
  inner_id?: number;
  annotations: AnnotationRecord[];
  predictions: PredictionRecord[];
  drafts?: DraftRecord[];
  [key: string]: unknown;
}

/** The editor of one annotation of one task. */
export interface Editor {
  /** The config, expanded for this task. */
  readonly root: TagNode;
  /** Tags that have a name. */
  readonly nodes: ReadonlyMap<string, TagNode>;
  readonly data: Record<string, unknown>;
  readonly regions: RegionStore;
  /** Rows with their keys, in the order of the result. */
  rows(): readonly (readonly [RowKey, ResultRow])[];
  readonly readonly: ReadonlySignal<boolean>;
  readonly selection: ReadonlySignal<ReadonlySet<string>>;
  readonly hovered: Signal<string | null>;
  readonly hidden: ReadonlySignal<ReadonlySet<string>>;
  /** Labels switched on for the next region: stored values by control name. */
  readonly activeLabels: ReadonlySignal<ReadonlyMap<string, readonly string[]>>;
  /** Id of the active tool (see `tool.ts`), `''` when none is. The object's view sets it and draws the toolbar. */
  readonly activeTool: Signal<string>;
  readonly settings: Signal<EditorSettings>;
  readonly actions: ActionRegistry;
  readonly canUndo: ReadonlySignal<boolean>;
  readonly canRedo: ReadonlySignal<boolean>;

  /** Which item of a multi-page object is shown. */
  item(object: string): Signal<number>;
  /** Controls whose `toName` has this object, in the order of the config. */
  controlsFor(object: string): readonly TagNode[];
  /** Labels a control offers (static ones and those of the task). */
  labelsOf(control: string): readonly LabelInfo[];
  label(control: string, stored: string): LabelInfo | undefined;
  /** Colour to draw a region in. */
  colorOf(region: Region): string;
  isHidden(id: string): boolean;
  /** Whether the region may be changed: neither it nor the annotation is locked. */
  canEdit(id: string): boolean;

  select(ids: Iterable<string>, how?: 'replace' | 'add' | 'toggle'): void;
  setHidden(ids: Iterable<string>, hidden: boolean): void;
  toggleLabel(control: string, stored: string): void;
  clearLabels(): void;

  /** Adds a region with the active labels; answers its id, or null when that is not allowed (then says why). */
  createRegion(region: NewRegion): string | null;
  /**
   * Changes geometry: `value` is merged into every row of the region that carries those keys.
   * Calls with the same `merge` in a row become one step of undo (a drag, held arrow keys).
   */
  updateRegion(id: string, value: Record<string, unknown>, options?: { label?: string; merge?: string }): void;
  deleteRegions(ids: Iterable<string>): void;
  relabel(ids: Iterable<string>, control: string, stored: readonly string[]): void;
  /** Where an answer of this control belongs now; null when it asks per region and none is selected. */
  scopeOf(control: TagNode): AnswerScope | null;
  /** The stored row of an answer control in a scope (default: the present one). Reads signals. */
  answer(control: TagNode, scope?: AnswerScope | null): ResultRow | undefined;
  /** Stores `value` (merged into the row's value), or removes the row when null. One step of undo; see `updateRegion` for `merge`. */
  setAnswer(control: TagNode, value: Record<string, unknown> | null, options?: { label?: string; merge?: string; scope?: AnswerScope }): void;
  /** Any change: rows to add, replace or remove. */
  commit(label: string, changes: readonly RowChange[], options?: { merge?: string; origin?: Transaction['origin'] }): void;
  /** Whether the tag is on screen by its visibility rules and those above it. Reads signals. */
  isVisible(node: TagNode): boolean;
  undo(): void;
  redo(): void;
  /** Called before the annotation is submitted or left: put in what is typed but not added yet. Returns the function that ends it. */
  onCollect(listener: () => void): () => void;
  /** One sentence for the person, in a toast and to screen readers. */
  say(sentence: string, kind?: 'info' | 'problem'): void;
}

export interface TagViewProps {
  node: TagNode;
  editor: Editor;
}

/** One number of a region that people can type over in the details panel. */
export interface RegionField {
  key: string;
  title: string;
  unit?: string;
  min?: number;
  max?: number;
  step?: number;
  /** Decimal places shown. */
  digits?: number;
  /** The number as it is; the row's value at `key` when absent. */
  read?: (row: ResultRow) => number;
  /** What typing this number changes in the row's value; `{[key]: typed}` when absent. */
  apply?: (typed: number, row: ResultRow, editor: Editor) => Record<string, unknown>;
}

export interface TagProblem {
  node: TagNode;
  message: string;
  /** Region that lacks the answer, when it is per region. */
  region?: string;
}

/**
 * What a tag is. One file `tags/<tag>/tag.ts` exports it as default; nothing else names tags.
 * Other rooms add their own optional parts by declaration merging (`declare module '../core/types'`).
 */
export interface TagDefinition {
  /** Canonical name, as in `labeling/tags/<tag>/tag.json`. */
  tag: string;
  /** `region`: its rows mark a part of an object. `answer`: its rows say something about the object or a region. */
  kind: 'object' | 'region' | 'answer' | 'visual';
  /** `type`s of the rows it writes. */
  resultTypes?: readonly string[];
  /** A view's module may bring its tag's `validate`, so that it is loaded only with the tag. */
  view?: () => Promise<{ default: ComponentType<TagViewProps>; validate?: TagDefinition['validate'] }>;
  /** The tool that draws it, for controls on an object with a stage. */
  tool?: () => Promise<ToolModule>;
  /** The value of a row in the form that the view edits. `write(read(row), row)` equals `row`. */
  read?(row: ResultRow): unknown;
  /** The row with that value put in; unknown keys are kept. */
  write?(value: unknown, row: ResultRow): ResultRow;
  /** A few words for outliner and details: the marked text, "120 × 40". */
  describe?(row: ResultRow, editor: Editor): string;
  /** Numbers of the region that can be edited in the details panel; keys of `value`. */
  fields?(row: ResultRow, editor: Editor): readonly RegionField[];
  /** What keeps the annotation from being submitted. */
  validate?(node: TagNode, editor: Editor): readonly TagProblem[];
  /** Actions this tag adds while it is on screen. */
  actions?(node: TagNode, editor: Editor): readonly Action[];
}
