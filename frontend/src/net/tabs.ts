/** The annotations and predictions of a task as tabs: what each holds, who may change it, and its editor once opened. */
import { presetAnswers } from '../core/answers';
import { AnnotationEditor, type EditorOptions } from '../core/editor';
import { regionId } from '../core/ids';
import { equalJson } from '../core/json';
import type { AnnotationRecord, DraftRecord, PredictionRecord, ResultRow, TaskPerson, TaskRecord } from '../core/types';
import type { DeviceStore } from './device-store';
import { DraftSync } from './draft-sync';
import { LeadTime } from './lead-time';
import { LocalDraft } from './local-drafts';

export interface Tab {
  readonly key: string;
  readonly kind: 'new' | 'annotation' | 'prediction';
  readonly annotation?: AnnotationRecord;
  readonly prediction?: PredictionRecord;
  /** The server's draft this tab starts from. */
  readonly draft?: DraftRecord;
  /** What a new annotation was copied from. */
  readonly parents?: { parent_prediction?: number; parent_annotation?: number };
  readonly rows: readonly ResultRow[];
  readonly editable: boolean;
  /** Another new annotation of this task has the one draft that the server keeps per person. */
  readonly deviceOnly?: boolean;
}

export interface OpenTab {
  /** Unique per opening: views must not be carried over from one editor to another. */
  readonly id: string;
  readonly tab: Tab;
  readonly editor: AnnotationEditor;
  readonly sync: DraftSync | null;
  readonly leadTime: LeadTime;
  /** When the device brought back changes that were not on the server. */
  readonly restoredAt: number | null;
  /** What the server had, while something else is shown. */
  readonly serverRows: readonly ResultRow[];
}

/** Keys of tabs that began as a copy, or as one more annotation beside others. */
export const COPY = 'copy/';

const isCopy = (tab: Tab) => tab.key.startsWith(COPY);

/** Copies that an earlier visit made of this task and could not send. */
export async function leftCopies(task: TaskRecord, store: DeviceStore): Promise<Tab[]> {
  const prefix = `${task.id}/${COPY}`;
  const bases = await store.range('bases', prefix, `${prefix}\uffff`);
  return bases.map(({ key, value }) => {
    const { rows, extra } = value as { rows: ResultRow[]; extra: { parents?: Tab['parents'] } };
    return { key: String(key).slice(`${task.id}/`.length), kind: 'new', parents: extra.parents ?? {}, rows, editable: true, deviceOnly: true };
  });
}

export function personId(person: TaskPerson | number | null | undefined): number | null {
  return typeof person === 'object' ? (person?.id ?? null) : (person ?? null);
}

/** Models often leave ids out; a row without one could not be shown as a region. */
function withId(row: ResultRow): ResultRow {
  return row.id === undefined && row.type !== 'relation' ? { ...row, id: regionId() } : row;
}

/** Tabs of a task for a user. `mayChangeOthers`: annotations of others can be edited too. */
export function makeTabs(task: TaskRecord, user: { id: number; mayChangeOthers: boolean }, wantNew: boolean): Tab[] {
  const drafts = task.drafts ?? [];
  const annotations: Tab[] = task.annotations.map((annotation) => {
    const draft = drafts.find((candidate) => candidate.annotation === annotation.id);
    return {
      key: `annotation:${annotation.id}`,
      kind: 'annotation',
      annotation,
      ...(draft && { draft }),
      rows: draft?.result ?? annotation.result ?? [],
      editable: personId(annotation.completed_by) === user.id || user.mayChangeOthers,
    };
  });
  const predictions: Tab[] = task.predictions.map((prediction) => ({
    key: `prediction:${prediction.id}`,
    kind: 'prediction',
    prediction,
    rows: (prediction.result ?? []).map(withId),
    editable: false,
  }));
  const own = drafts.filter((draft) => !draft.annotation);
  const fresh: Tab[] = own.map((draft) => ({ key: `new:${draft.id}`, kind: 'new', draft, rows: draft.result ?? [], editable: true }));
  if (fresh.length === 0 && (wantNew || annotations.length === 0)) {
    // In the stream a new annotation begins with what the model says, ready to be corrected.
    const shown = wantNew ? predictions[0] : undefined;
    fresh.push(shown?.rows.length ? { ...copyOf(shown, shown.rows), key: 'new' } : { key: 'new', kind: 'new', rows: [], editable: true });
  }
  return [...fresh, ...annotations, ...predictions];
}

/** Makes the editor of a tab; brings back unsent changes that this device kept. */
export async function openTab(
  tab: Tab,
  task: TaskRecord,
  store: DeviceStore,
  options: Omit<EditorOptions, 'rows' | 'readonly'>,
  onFailure: (error: unknown) => void,
): Promise<OpenTab> {
  const isFresh = tab.kind === 'new' && !tab.draft && !tab.parents;
  let rows: readonly ResultRow[] = isFresh ? presetAnswers(options.root, regionId) : tab.rows;
  let draft = tab.draft?.id ?? null;
  const serverRows = rows;
  const leadTime = new LeadTime(tab.draft?.lead_time ?? 0);
  let sync: DraftSync | null = null;
  let restoredAt: number | null = null;
  const annotation = tab.annotation?.id ?? null;
  // A copy has a key of its own; every other new annotation of a task shares one, with or without a server draft.
  const local = new LocalDraft(store, `${task.id}/${annotation ?? (isCopy(tab) ? tab.key : 'new')}`, onFailure);
  if (tab.editable) {
    const restored = await local.restore().catch((error) => {
      onFailure(error);
      return null;
    });
    if (restored && !equalJson(restored.rows, rows)) {
      rows = restored.rows;
      restoredAt = restored.at;
      draft ??= typeof restored.extra.draft === 'number' ? restored.extra.draft : null;
    } else if (restored) await local.clear();
  }
  const editor = new AnnotationEditor({ ...options, rows, readonly: !tab.editable });
  if (tab.editable) {
    sync = new DraftSync(editor, local, { task: task.id, annotation, draft }, () => leadTime.total(), { rows, extra: { draft } }, tab.deviceOnly ?? false);
    if (isCopy(tab) && restoredAt === null) local.append([], () => ({ rows, extra: { draft, parents: tab.parents } }));
    if (restoredAt !== null || isCopy(tab)) sync.touch();
  }
  return { id: regionId(), tab, editor, sync, leadTime, restoredAt, serverRows };
}

/** A new annotation that starts with what another one or a prediction holds. Origins stay, so that changes can be told. */
export function copyOf(tab: Tab, rows: readonly ResultRow[]): Tab {
  const parents =
    tab.kind === 'prediction' ? { parent_prediction: tab.prediction?.id as number } : tab.annotation ? { parent_annotation: tab.annotation.id } : {};
  const origin = (row: ResultRow) => (tab.kind === 'prediction' && row.type !== 'relation' ? { ...row, origin: 'prediction' } : row);
  return { key: `${COPY}${regionId()}`, kind: 'new', parents, rows: rows.map(origin), editable: true };
}
