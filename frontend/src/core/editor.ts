/** The editor of one annotation: regions, answers, selection, labels, undo. Knows no screen and no network. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import { ActionRegistry } from './actions';
import { isAnswerIn, newAnswer } from './answers';
import { colorOfText } from './colors';
import { History } from './history';
import { regionId } from './ids';
import { equalJson } from './json';
import { LabelBook } from './labels';
import { accepts, allowsEmpty, hasOwnLabels, isMultiple, labelsFrom, newRegionRows, relabelRows, reshapedRows } from './marking';
import { attribute, flag, walk } from './node';
import { isAnswerType, isRelation, rowLabels } from './region';
import { Rows } from './rows';
import { defaultSettings } from './settings';
import { tagSpec } from './tag-table';
import { t } from './text';
import type { AnswerScope, Editor, EditorSettings, LabelInfo, NewRegion, Patch, Region, ResultRow, RowChange, RowKey, TagNode, Transaction } from './types';
import { choicesShow, isAsked, rulesShow } from './visibility';

const NO_COLOR = '#7b7b8b';

export interface EditorOptions {
  root: TagNode;
  data: Record<string, unknown>;
  rows?: readonly ResultRow[];
  readonly?: boolean;
  settings?: Signal<EditorSettings>;
  actions?: ActionRegistry;
  say?: (sentence: string, kind?: 'info' | 'problem') => void;
}

export class AnnotationEditor implements Editor {
  readonly root: TagNode;
  readonly nodes: ReadonlyMap<string, TagNode>;
  readonly data: Record<string, unknown>;
  readonly regions: Rows;
  readonly readonly: Signal<boolean>;
  readonly selection: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly hovered = signal<string | null>(null);
  readonly hidden: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly activeLabels: Signal<ReadonlyMap<string, readonly string[]>> = signal(new Map());
  readonly activeTool = signal('');
  readonly settings: Signal<EditorSettings>;
  readonly actions: ActionRegistry;
  readonly history = new History();
  readonly canUndo: ReadonlySignal<boolean> = computed(() => this.history.nextUndo.value !== null);
  readonly canRedo: ReadonlySignal<boolean> = computed(() => this.history.nextRedo.value !== null);
  readonly labels: LabelBook;
  readonly say: (sentence: string, kind?: 'info' | 'problem') => void;
  private readonly items = new Map<string, Signal<number>>();
  private readonly listeners = new Set<(transaction: Transaction) => void>();

  constructor(options: EditorOptions) {
    this.root = options.root;
    this.data = options.data;
    this.regions = new Rows(options.rows);
    this.readonly = signal(options.readonly ?? false);
    this.settings = options.settings ?? signal(defaultSettings);
    this.actions = options.actions ?? new ActionRegistry();
    this.say = options.say ?? (() => {});
    this.labels = new LabelBook(this.root);
    const named = [...walk(this.root)].filter((node) => node.name !== '' && tagSpec(node.tag)?.kind !== undefined);
    this.nodes = new Map(named.map((node) => [node.name, node]));
    const preset = [...walk(this.root)].filter((node) => node.tag === 'Label' && flag(node, 'selected'));
    for (const node of preset) {
      const info = this.labels.of(node.parent?.name ?? '').find((label) => label.node === node);
      if (info) this.activeLabels.value = new Map([[info.control, [info.stored]]]);
    }
  }

  rows(): readonly (readonly [RowKey, ResultRow])[] {
    void this.regions.revision.value;
    return this.regions.all();
  }

  item(object: string): Signal<number> {
    let item = this.items.get(object);
    if (!item) {
      item = signal(0);
      this.items.set(object, item);
    }
    return item;
  }

  controlsFor(object: string): readonly TagNode[] {
    return [...this.nodes.values()].filter((node) => tagSpec(node.tag)?.kind === 'control' && node.toName.includes(object));
  }

  labelsOf(control: string): readonly LabelInfo[] {
    return this.labels.of(control);
  }

  label(control: string, stored: string): LabelInfo | undefined {
    return this.labels.find(control, stored) ?? this.borrowed(control, stored);
  }

  colorOf(region: Region): string {
    for (const row of region.rows) {
      for (const stored of rowLabels(row)) return this.label(row.from_name ?? '', stored)?.color ?? colorOfText(stored);
    }
    const control = this.nodes.get(region.control);
    if (region.labels[0]) return this.label(region.control, region.labels[0])?.color ?? colorOfText(region.labels[0]);
    return (control && attribute(control, 'strokeColor')) || NO_COLOR;
  }

  /** What stands in the row of a control without labels is a label of another control of its object. */
  private borrowed(control: string, stored: string): LabelInfo | undefined {
    const others = this.nodes.get(control)?.toName.flatMap((object) => this.controlsFor(object)) ?? [];
    return others.map(({ name }) => this.labels.find(name, stored)).find(Boolean);
  }

  isHidden(id: string): boolean {
    return this.hidden.value.has(id);
  }

  canEdit(id: string): boolean {
    const region = this.regions.get(id);
    return !this.readonly.value && region !== undefined && !region.locked && !this.regions.withheld.has(id);
  }

  select(ids: Iterable<string>, how: 'replace' | 'add' | 'toggle' = 'replace'): void {
    const next = new Set(how === 'replace' ? [] : this.selection.peek());
    for (const id of ids) {
      if (how === 'toggle' && next.has(id)) next.delete(id);
      else next.add(id);
    }
    const old = this.selection.peek();
    if (next.size === old.size && [...next].every((id) => old.has(id))) return;
    this.history.seal();
    this.selection.value = next;
  }

  setHidden(ids: Iterable<string>, hidden: boolean): void {
    const next = new Set(this.hidden.peek());
    for (const id of ids) {
      if (hidden) next.add(id);
      else next.delete(id);
    }
    this.hidden.value = next;
  }

  toggleLabel(control: string, stored: string): void {
    const node = this.nodes.get(control);
    if (!node) return;
    const chosen = [...this.selection.peek()].filter((id) => {
      const region = this.regions.get(id);
      return region && this.canEdit(id) && accepts(node, region);
    });
    if (chosen.length > 0) {
      const held = new Set(this.labelsHeld(chosen[0] as string, control));
      const next = !isMultiple(node) ? [stored] : held.has(stored) ? [...held].filter((label) => label !== stored) : [...held, stored];
      this.relabel(chosen, control, next);
      return;
    }
    const active = this.activeLabels.peek().get(control) ?? [];
    let next: readonly string[];
    if (isMultiple(node)) next = active.includes(stored) ? active.filter((label) => label !== stored) : [...active, stored];
    else next = active.includes(stored) ? [] : [stored];
    this.activeLabels.value = next.length ? new Map([[control, next]]) : new Map();
  }

  clearLabels(): void {
    if (this.activeLabels.peek().size) this.activeLabels.value = new Map();
  }

  private labelsHeld(id: string, control: string): readonly string[] {
    const region = this.regions.get(id);
    return region ? labelsFrom(region, control) : [];
  }

  createRegion(region: NewRegion): string | null {
    const control = this.nodes.get(region.control);
    if (!control || this.readonly.peek()) return null;
    const labels = region.labels ?? this.activeLabels.peek();
    const own = labels.get(control.name) ?? [];
    if (hasOwnLabels(control) && own.length === 0 && !allowsEmpty(control) && this.labelsOf(control.name).length > 0) {
      this.say(t('Choose a label first.'), 'problem');
      return null;
    }
    for (const [name, stored] of labels) if (!this.mayUse(name, stored)) return null;
    const id = regionId();
    const rows = newRegionRows(control, this.controlsFor(region.object), id, region, labels);
    this.commit(
      t('Add region'),
      rows.map((row) => ({ row })),
    );
    const { keepLabel, selectAfterCreate } = this.settings.peek();
    if (!keepLabel && !region.labels) this.clearLabels();
    const asks = this.controlsFor(region.object).some((node) => flag(node, 'perRegion'));
    if (selectAfterCreate || asks) this.select([id]);
    return id;
  }

  private mayUse(control: string, stored: readonly string[]): boolean {
    for (const value of stored) {
      const label = this.label(control, value);
      if (!label || label.maxUsages === Number.POSITIVE_INFINITY) continue;
      const used = this.regions.list().filter((region) => labelsFrom(region, control).includes(value));
      if (used.length < label.maxUsages) continue;
      this.say(t('"{label}" may be used {count} times at most.', { label: label.title, count: label.maxUsages }), 'problem');
      return false;
    }
    return true;
  }

  updateRegion(id: string, value: Record<string, unknown>, options: { label?: string; merge?: string } = {}): void {
    const region = this.regions.get(id);
    if (!region || !this.canEdit(id)) return;
    const merge = options.merge === undefined ? {} : { merge: options.merge };
    this.commit(options.label ?? t('Change region'), reshapedRows(region, this.regions.entries(id), value), merge);
  }

  deleteRegions(ids: Iterable<string>): void {
    const gone = new Set([...ids].filter((id) => this.canEdit(id)));
    if (gone.size === 0) return;
    const changes: RowChange[] = [];
    for (const [key, row] of this.regions.all()) {
      if (row.id !== undefined && gone.has(row.id)) changes.push({ key });
      else if (isRelation(row) && (gone.has(row.from_id ?? '') || gone.has(row.to_id ?? ''))) changes.push({ key });
      else if (row.parentID && gone.has(row.parentID)) {
        const { parentID: _gone, ...rest } = row;
        changes.push({ key, row: rest as ResultRow });
      }
    }
    this.select([...this.selection.peek()].filter((id) => !gone.has(id)));
    this.commit(gone.size === 1 ? t('Delete region') : t('Delete regions'), changes);
  }

  relabel(ids: Iterable<string>, control: string, stored: readonly string[]): void {
    const node = this.nodes.get(control);
    if (!node) return;
    const changes: RowChange[] = [];
    for (const id of ids) {
      const region = this.regions.get(id);
      if (!region || !this.canEdit(id) || !accepts(node, region)) continue;
      const fresh = stored.filter((label) => !this.labelsHeld(id, control).includes(label));
      if (!this.mayUse(control, fresh)) return;
      changes.push(...relabelRows(node, region, this.regions.entries(id), stored));
    }
    if (changes.length) this.commit(t('Change label'), changes);
  }

  scopeOf(control: TagNode): AnswerScope | null {
    const scope: AnswerScope = {};
    if (flag(control, 'perRegion')) {
      const id = [...this.selection.value].find((candidate) => control.toName.includes(this.regions.get(candidate)?.object ?? ''));
      if (id === undefined) return null;
      scope.region = id;
    }
    if (flag(control, 'perItem') && control.toName[0]) scope.item = this.item(control.toName[0]).value;
    return scope;
  }

  answer(control: TagNode, scope: AnswerScope | null = this.scopeOf(control)): ResultRow | undefined {
    void this.regions.revision.value;
    return scope === null ? undefined : this.answerEntry(control, scope)?.[1];
  }

  private answerEntry(control: TagNode, scope: AnswerScope): readonly [RowKey, ResultRow] | undefined {
    const candidates = scope.region === undefined ? this.regions.all() : this.regions.entries(scope.region);
    return candidates.find(([, row]) => isAnswerIn(row, control, scope));
  }

  setAnswer(control: TagNode, value: Record<string, unknown> | null, options: { label?: string; merge?: string; scope?: AnswerScope } = {}): void {
    const scope = options.scope ?? this.scopeOf(control);
    if (scope === null || (scope.region !== undefined && !this.canEdit(scope.region))) return;
    const existing = this.answerEntry(control, scope);
    const main = scope.region === undefined ? undefined : this.regions.get(scope.region)?.main;
    let change: RowChange;
    if (existing) {
      const [key, row] = existing;
      change = value === null ? { key } : { key, row: { ...row, value: { ...row.value, ...value } } };
    } else if (value === null) return;
    else change = { row: newAnswer(control, value, scope.region ?? regionId(), scope, main) };
    this.commit(options.label ?? t('Answer'), [change], options.merge === undefined ? {} : { merge: options.merge });
  }

  isVisible(node: TagNode): boolean {
    return rulesShow(this, node) && isAsked(this, node);
  }

  commit(label: string, changes: readonly RowChange[], options: { merge?: string; origin?: Transaction['origin'] } = {}): void {
    const origin = options.origin ?? 'user';
    if (this.readonly.peek() && origin === 'user') return;
    const patches: Patch[] = [];
    for (const { key, row } of changes) {
      const before = key === undefined ? undefined : this.regions.row(key);
      if (before && row && equalJson(before, row)) continue;
      const after =
        before && row && origin === 'user' && before.origin === 'prediction' && row.origin === 'prediction' ? { ...row, origin: 'prediction-changed' } : row;
      const id = key ?? this.freshKey(row as ResultRow, patches);
      patches.push({ id, ...(before && { before }), ...(after && { after }) });
    }
    if (patches.length === 0) return;
    const transaction: Transaction = { patches, label, origin };
    if (origin === 'user') this.history.record(transaction, options.merge);
    this.applyTransaction(transaction);
  }

  private freshKey(row: ResultRow, patches: readonly Patch[]): RowKey {
    let key = this.regions.keyFor(row);
    for (let n = 2; patches.some((patch) => patch.id === key); n += 1) key = `${this.regions.keyFor(row)}#${n}`;
    return key;
  }

  private applyTransaction(transaction: Transaction): void {
    this.regions.apply(transaction.patches);
    const gone = [...this.selection.peek()].filter((id) => !this.regions.get(id));
    if (gone.length) this.selection.value = new Set([...this.selection.peek()].filter((id) => !gone.includes(id)));
    for (const listener of [...this.listeners]) listener(transaction);
  }

  undo(): void {
    if (this.readonly.peek()) return;
    const transaction = this.history.undo();
    if (transaction) this.applyTransaction(transaction);
  }

  redo(): void {
    if (this.readonly.peek()) return;
    const transaction = this.history.redo();
    if (transaction) this.applyTransaction(transaction);
  }

  private readonly collectors = new Set<() => void>();

  onCollect(listener: () => void): () => void {
    this.collectors.add(listener);
    return () => this.collectors.delete(listener);
  }

  /** Lets views put in what is typed but not added yet. */
  collect(): void {
    for (const listener of [...this.collectors]) listener();
  }

  /** Calls back after each transaction, with undo and redo among them. */
  onTransaction(listener: (transaction: Transaction) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What is submitted: all rows, without answers to questions that rules hide. Rows of unknown controls stay. */
  submission(): ResultRow[] {
    return this.regions.result().filter((row) => {
      const node = this.nodes.get(row.from_name ?? '');
      return !node || !isAnswerType(row.type) || flag(node, 'perRegion') || choicesShow(this, node);
    });
  }
}
