/** The state of the data page: what is asked for, the pages of rows that are here, what is selected. */
import { batch, computed, effect, signal } from '@preact/signals';
import { t } from '../../core/text';
import { fetchJson, Refusal } from '../http';
import { chosenColumns, columnsOf, keepColumns } from './columns';
import { apiQuery, fromAddress, toAddress, type View } from './query';
import type { Column, Context, TaskRow } from './types';

export const PAGE = 100;
const KEPT_PAGES = 60;

interface Answer {
  tasks: TaskRow[];
  total: number;
  total_annotations: number;
  total_predictions: number;
}

/** `all`: everything but `ids`; otherwise only `ids`. */
export interface Selection {
  all: boolean;
  ids: ReadonlySet<number>;
}

export function createStore(context: Context) {
  const all = columnsOf(context);
  const shownIds = signal(chosenColumns(context.project.id) ?? all.filter((one) => one.shown).map((one) => one.id));
  const columns = computed<Column[]>(() => all.filter((one) => shownIds.value.includes(one.id)));
  const view = signal<View>(fromAddress(window.location.search, all));
  const query = computed(() => JSON.stringify(apiQuery(view.value, all)));

  const pages = signal<ReadonlyMap<number, TaskRow[]>>(new Map());
  const totals = signal({ tasks: context.project.task_number, annotations: context.project.total_annotations_number, known: false });
  const problem = signal('');
  const selection = signal<Selection>({ all: false, ids: new Set() });
  const wanted = new Map<number, AbortController>();

  const selected = computed(() => (selection.value.all ? totals.value.tasks - selection.value.ids.size : selection.value.ids.size));

  function row(at: number): TaskRow | undefined {
    return pages.value.get(Math.floor(at / PAGE))?.[at % PAGE];
  }

  function rowById(id: number): TaskRow | undefined {
    for (const rows of pages.value.values()) {
      const found = rows.find((one) => one.id === id);
      if (found) return found;
    }
    return undefined;
  }

  async function load(page: number): Promise<void> {
    if (pages.peek().has(page) || wanted.has(page)) return;
    const request = new AbortController();
    const asked = query.peek();
    wanted.set(page, request);
    const address = new URLSearchParams({ project: String(context.project.id), page: String(page + 1), page_size: String(PAGE), query: asked });
    address.set(
      'include',
      'id,inner_id,data,is_labeled,total_annotations,cancelled_annotations,total_predictions,annotators,draft_exists,created_at,updated_at',
    );
    try {
      const answer = await fetchJson<Answer>(`${context.urls.tasks}?${address}`, { signal: request.signal });
      if (asked !== query.peek()) return;
      batch(() => {
        const kept = [...pages.peek()].slice(-KEPT_PAGES);
        pages.value = new Map([...kept, [page, answer.tasks]]);
        totals.value = { tasks: answer.total, annotations: answer.total_annotations, known: true };
        problem.value = '';
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      if (error instanceof Refusal && error.status === 404 && page > 0) return;
      problem.value = error instanceof Refusal ? error.message : t('The server could not be reached.');
    } finally {
      wanted.delete(page);
    }
  }

  /** Asks for the rows of these lines; what nobody looks at any more is not waited for. */
  function show(from: number, to: number): void {
    const first = Math.floor(from / PAGE);
    const last = Math.floor(Math.max(from, to - 1) / PAGE);
    for (const [page, request] of wanted) if (page < first - 1 || page > last + 1) request.abort();
    for (let page = first; page <= last; page++) void load(page);
  }

  function reload(): void {
    for (const request of wanted.values()) request.abort();
    wanted.clear();
    batch(() => {
      pages.value = new Map();
      selection.value = { all: false, ids: new Set() };
      problem.value = '';
    });
    void load(0);
  }

  function select(ids: readonly number[], on: boolean): void {
    const next = new Set(selection.peek().ids);
    for (const id of ids) {
      if (on !== selection.peek().all) next.add(id);
      else next.delete(id);
    }
    selection.value = { ...selection.peek(), ids: next };
  }

  function isSelected(id: number): boolean {
    return selection.value.all !== selection.value.ids.has(id);
  }

  let first = true;
  const dispose = effect(() => {
    query.value;
    if (!first) reload();
    first = false;
  });
  effect(() => {
    window.history.replaceState(window.history.state, '', window.location.pathname + toAddress(view.value));
  });

  return {
    context,
    allColumns: all,
    columns,
    shownIds,
    view,
    totals,
    problem,
    selection,
    selected,
    row,
    rowById,
    show,
    reload,
    select,
    isSelected,
    dispose,
    showColumns(ids: string[]): void {
      shownIds.value = ids;
      keepColumns(context.project.id, ids);
    },
    /** What is selected, as the API's actions take it. */
    selectionBody(): object {
      const { all: everything, ids } = selection.peek();
      return { ...apiQuery(view.peek(), all), selectedItems: everything ? { all: true, excluded: [...ids] } : { all: false, included: [...ids] } };
    },
  };
}

export type Store = ReturnType<typeof createStore>;
