/** The state of the data page: what is asked for, the pages of rows that are here, what is selected. */
import { batch, computed, effect, signal } from '@preact/signals';
import { t } from '../../core/text';
import { fetchJson, Refusal } from '../http';
import { chosenColumns, columnsOf, keepColumns } from './columns';
import { apiQuery, EVERYTHING, fromAddress, fromApi, toAddress, type View } from './query';
import type { Column, Context, SavedView, TaskRow } from './types';

export const PAGE = 100;
const KEPT_PAGES = 60;

interface Answer {
  tasks: TaskRow[];
  total: number;
  total_annotations: number;
  total_predictions: number;
  /** `late`: counting takes longer than the page; `total` is the least there are. */
  totals?: 'late' | 'exact';
}

/** `all`: everything but `ids`; otherwise only `ids`. */
export interface Selection {
  all: boolean;
  ids: ReadonlySet<number>;
}

export function createStore(context: Context) {
  const all = columnsOf(context);
  const shownIds = signal(chosenColumns(context.project.id) ?? all.filter((one) => one.shown).map((one) => one.id));
  const columns = computed<Column[]>(() => all.filter((one) => !one.filterOnly && shownIds.value.includes(one.id)));
  const views = signal<readonly SavedView[]>(context.views);
  const asked = Number(new URLSearchParams(window.location.search).get('view'));
  const opened = signal<SavedView | null>(context.views.find((one) => one.id === asked) ?? null);
  const view = signal<View>(opened.value ? fromApi(opened.value.data, all) : fromAddress(window.location.search, all));
  if (opened.value?.data.columns) shownIds.value = opened.value.data.columns;
  const query = computed(() => JSON.stringify(apiQuery(view.value, all)));

  const pages = signal<ReadonlyMap<number, TaskRow[]>>(new Map());
  const totals = signal({ tasks: context.project.task_number, annotations: context.project.total_annotations_number, known: false, counting: false });
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
    const asking = query.peek();
    wanted.set(page, request);
    const address = new URLSearchParams({
      project: String(context.project.id),
      page: String(page + 1),
      page_size: String(PAGE),
      query: asking,
      totals: 'late',
    });
    address.set(
      'include',
      'id,inner_id,data,is_labeled,total_annotations,cancelled_annotations,total_predictions,annotators,draft_exists,created_at,updated_at',
    );
    try {
      const answer = await fetchJson<Answer>(`${context.urls.tasks}?${address}`, { signal: request.signal });
      if (asking !== query.peek()) return;
      batch(() => {
        const kept = [...pages.peek()].slice(-KEPT_PAGES);
        pages.value = new Map([...kept, [page, answer.tasks]]);
        if (answer.totals !== 'late') totals.value = { tasks: answer.total, annotations: answer.total_annotations, known: true, counting: false };
        else if (!totals.peek().known || totals.peek().counting)
          totals.value = { tasks: Math.max(answer.total, totals.peek().counting ? totals.peek().tasks : 0), annotations: 0, known: true, counting: true };
        problem.value = '';
      });
      if (answer.totals === 'late') void count(asking);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      if (error instanceof Refusal && error.status === 404 && page > 0) return;
      problem.value = error instanceof Refusal ? error.message : t('The server could not be reached.');
    } finally {
      wanted.delete(page);
    }
  }

  let counted = '';

  /** Counts what takes longer than a page; until then the list is as long as is known. */
  async function count(asking: string): Promise<void> {
    if (counted === asking) return;
    counted = asking;
    try {
      const address = new URLSearchParams({ project: String(context.project.id), query: asking });
      const answer = await fetchJson<Answer>(`${context.urls.totals}?${address}`);
      if (asking === query.peek()) totals.value = { tasks: answer.total, annotations: answer.total_annotations, known: true, counting: false };
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof TypeError)) throw error;
      counted = ''; // the next page asks again
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
    counted = '';
    batch(() => {
      totals.value = { ...totals.peek(), known: false, counting: false };
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

  const changed = computed(() => {
    const saved = opened.value;
    if (!saved) return false;
    const was = JSON.stringify(apiQuery(fromApi(saved.data, all), all));
    return was !== query.value || (saved.data.columns ?? shownIds.value).join() !== shownIds.value.join();
  });

  let first = true;
  const dispose = effect(() => {
    query.value;
    if (!first) reload();
    first = false;
  });
  effect(() => {
    const address = opened.value && !changed.value ? `?view=${opened.value.id}` : toAddress(view.value);
    window.history.replaceState(window.history.state, '', window.location.pathname + address);
  });

  /** What a view keeps of what is on screen. */
  function kept(): SavedView['data'] {
    return { filters: { conjunction: 'and', items: [] }, ordering: [], ...apiQuery(view.peek(), all), columns: shownIds.peek() };
  }

  function open(saved: SavedView | null): void {
    batch(() => {
      opened.value = saved;
      view.value = saved ? fromApi(saved.data, all) : EVERYTHING;
      shownIds.value = saved?.data.columns ?? chosenColumns(context.project.id) ?? all.filter((one) => one.shown).map((one) => one.id);
    });
  }

  async function write(saved: SavedView, data: SavedView['data']): Promise<void> {
    const answer = await fetchJson<SavedView>(`${context.urls.views}${saved.id}/`, { method: 'PATCH', json: { data } });
    batch(() => {
      views.value = views.peek().map((one) => (one.id === answer.id ? answer : one));
      if (opened.peek()?.id === answer.id) opened.value = answer;
    });
  }

  async function add(data: SavedView['data']): Promise<void> {
    const answer = await fetchJson<SavedView>(context.urls.views, { method: 'POST', json: { project: context.project.id, data } });
    batch(() => {
      views.value = [...views.peek(), answer];
      open(answer);
    });
  }

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
    views,
    opened,
    changed,
    open,
    showColumns(ids: string[]): void {
      shownIds.value = ids;
      if (!opened.peek()) keepColumns(context.project.id, ids);
    },
    saveView: (saved: SavedView) => write(saved, { ...saved.data, ...kept() }),
    renameView: (saved: SavedView, title: string) => write(saved, { ...saved.data, title }),
    shareView: (saved: SavedView, shared: boolean) => write(saved, { ...saved.data, private: !shared }),
    addView: (title: string) => add({ title, private: true, ...kept() }),
    duplicateView: (saved: SavedView, title: string) => add({ ...saved.data, title, private: true }),
    async deleteView(saved: SavedView): Promise<void> {
      await fetchJson(`${context.urls.views}${saved.id}/`, { method: 'DELETE' });
      views.value = views.peek().filter((one) => one.id !== saved.id);
      if (opened.peek()?.id === saved.id) open(null);
    },
    /** Moves a tab by so many places. */
    async moveView(saved: SavedView, by: number): Promise<void> {
      const ids = views.peek().map((one) => one.id);
      const at = ids.indexOf(saved.id);
      const to = Math.min(ids.length - 1, Math.max(0, at + by));
      ids.splice(to, 0, ...ids.splice(at, 1));
      await fetchJson(`${context.urls.views}order/`, { method: 'POST', json: { project: context.project.id, ids } });
      views.value = ids.map((id) => views.peek().find((one) => one.id === id)).filter((one) => one !== undefined);
    },
    /** What is selected, as the API's actions take it. */
    selectionBody(): object {
      const { all: everything, ids } = selection.peek();
      return { ...apiQuery(view.peek(), all), selectedItems: everything ? { all: true, excluded: [...ids] } : { all: false, included: [...ids] } };
    },
  };
}

export type Store = ReturnType<typeof createStore>;
