/** The state of the data page: what is asked for, the pages of rows that are here, what is selected. */
import { batch, computed, effect, signal } from '@preact/signals';
import { t } from '../../core/text';
import { fetchJson, Refusal } from '../http';
import { columnsOf } from './columns';
import { keepLayoutHere, keptLayout, type Layout, layoutHere, layoutOf } from './layout';
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
  const here = (): Layout => layoutHere(context.project.id, all);
  const layout = signal(here());
  const columns = computed<Column[]>(() =>
    layout.value.shown.flatMap((id) => {
      const column = all.find((one) => one.id === id && !one.filterOnly);
      const width = layout.value.widths[id];
      return column ? [width ? { ...column, width, share: 0 } : column] : [];
    }),
  );
  const views = signal<readonly SavedView[]>(context.views);
  const asked = Number(new URLSearchParams(window.location.search).get('view'));
  const opened = signal<SavedView | null>(context.views.find((one) => one.id === asked) ?? null);
  const view = signal<View>(opened.value ? fromApi(opened.value.data, all) : fromAddress(window.location.search, all));
  if (opened.value) layout.value = layoutOf(opened.value.data, all, here());
  const query = computed(() => JSON.stringify(apiQuery(view.value, all)));

  const pages = signal<ReadonlyMap<number, TaskRow[]>>(new Map());
  const totals = signal({ tasks: context.project.task_number, annotations: context.project.total_annotations_number, known: false, counting: false });
  const problem = signal('');
  /** Tasks that the search index has yet to read, as of the last slow count. */
  const lag = signal(0);
  const selection = signal<Selection>({ all: false, ids: new Set() });
  const wanted = new Map<number, AbortController>();
  // Only what is shown is asked for: some columns cost a look at every annotation of the task.
  const fields = computed(() => {
    const more = columns.value.map((one) => one.id).filter((id) => !id.startsWith('data.'));
    return [...new Set(['id', 'inner_id', 'data', 'is_labeled', 'total_annotations', ...more])].sort().join();
  });

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
    address.set('include', fields.peek());
    try {
      const answer = await fetchJson<Answer>(`${context.urls.tasks}?${address}`, { signal: request.signal });
      if (asking !== query.peek() || request.signal.aborted) return;
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
      if (wanted.get(page) === request) wanted.delete(page);
    }
  }

  let counted = '';

  /** Counts what takes longer than a page; until then the list is as long as is known. */
  async function count(asking: string): Promise<void> {
    if (counted === asking) return;
    counted = asking;
    try {
      const address = new URLSearchParams({ project: String(context.project.id), query: asking });
      const answer = await fetchJson<Answer & { index_lag: number }>(`${context.urls.totals}?${address}`);
      if (asking === query.peek()) {
        totals.value = { tasks: answer.total, annotations: answer.total_annotations, known: true, counting: false };
        lag.value = answer.index_lag;
      }
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof TypeError)) throw error;
      counted = ''; // the next page asks again
    }
  }

  let looking: [number, number] = [0, 1];

  /** Asks for the rows of these lines; what nobody looks at any more is not waited for. */
  function show(from: number, to: number): void {
    looking = [from, to];
    const first = Math.floor(from / PAGE);
    const last = Math.floor(Math.max(from, to - 1) / PAGE);
    for (const [page, request] of wanted) if (page < first - 1 || page > last + 1) request.abort();
    for (let page = first; page <= last; page++) void load(page);
  }

  function reload(): void {
    for (const request of wanted.values()) request.abort();
    wanted.clear();
    counted = '';
    lag.value = 0;
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
    return was !== query.value || JSON.stringify(keptLayout(layoutOf(saved.data, all, here()), all)) !== JSON.stringify(keptLayout(layout.value, all));
  });

  let first = true;
  const dispose = effect(() => {
    query.value;
    if (!first) reload();
    first = false;
  });
  let had = fields.peek().split(',');
  effect(() => {
    const asks = fields.value.split(',');
    if (asks.some((field) => !had.includes(field))) {
      for (const request of wanted.values()) request.abort();
      wanted.clear();
      pages.value = new Map();
      show(...looking);
    }
    had = asks;
  });
  effect(() => {
    const address = opened.value && !changed.value ? `?view=${opened.value.id}` : toAddress(view.value);
    window.history.replaceState(window.history.state, '', window.location.pathname + address);
  });

  /** What a view keeps of what is on screen. */
  function kept(): SavedView['data'] {
    return { filters: { conjunction: 'and', items: [] }, ordering: [], ...apiQuery(view.peek(), all), ...keptLayout(layout.peek(), all) };
  }

  function open(saved: SavedView | null): void {
    batch(() => {
      opened.value = saved;
      view.value = saved ? fromApi(saved.data, all) : EVERYTHING;
      layout.value = saved ? layoutOf(saved.data, all, here()) : here();
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
    layout,
    pages,
    view,
    totals,
    lag,
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
    /** Changes the layout; outside of a view it is kept on this device. */
    arrange(changes: Partial<Layout>): void {
      layout.value = { ...layout.peek(), ...changes };
      if (!opened.peek()) keepLayoutHere(context.project.id, layout.peek(), all);
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
    /** What is selected, or when nothing is, all that the filters find. */
    chosenBody(): object {
      return selected.peek() ? this.selectionBody() : { ...apiQuery(view.peek(), all), selectedItems: { all: true, excluded: [] } };
    },
    /** What is selected, as the API's actions take it. */
    selectionBody(): object {
      const { all: everything, ids } = selection.peek();
      return { ...apiQuery(view.peek(), all), selectedItems: everything ? { all: true, excluded: [...ids] } : { all: false, included: [...ids] } };
    },
  };
}

export type Store = ReturnType<typeof createStore>;
