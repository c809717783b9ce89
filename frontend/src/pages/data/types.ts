/** What the page tells the table before its first request (`web/datamanager_context.py`), and a row as `/api/tasks` sends it. */
export interface Context {
  version: string;
  project: {
    id: number;
    title: string;
    task_number: number;
    finished_task_number: number;
    total_annotations_number: number;
    total_predictions_number: number;
  };
  columns: { key: string; kind: string }[];
  /** The columns that the server has besides those of the data. */
  offered: string[];
  permissions: string[];
  user: number;
  people: Record<string, string>;
  labels: string[];
  views: SavedView[];
  urls: {
    label: string;
    import: string;
    export: string;
    task: string;
    tasks: string;
    totals: string;
    views: string;
    actions: string;
    jobs: string;
    bin: string;
  };
}

/** A view as `/api/dm/views/` keeps it. */
export interface SavedView {
  id: number;
  user: number | null;
  data: {
    title?: string;
    private?: boolean;
    filters?: { conjunction: string; items: object[] };
    ordering?: string[];
    /** The columns shown, in their order. */
    columns?: string[];
    hiddenColumns?: { explore?: string[]; labeling?: string[] };
    columnsWidth?: Record<string, number>;
    density?: string;
    type?: string;
    gridWidth?: number;
    [more: string]: unknown;
  };
}

export interface TaskRow {
  id: number;
  inner_id: number;
  data: Record<string, unknown>;
  is_labeled: boolean;
  total_annotations: number;
  cancelled_annotations: number;
  total_predictions: number;
  annotators: number[];
  draft_exists: boolean;
  created_at: string;
  updated_at: string;
  [more: string]: unknown;
}

/** A column of the table. `id` is its name in the API: `data.text`, `total_annotations`. */
export interface Column {
  id: string;
  title: string;
  type: 'text' | 'number' | 'decimal' | 'percent' | 'time' | 'yes' | 'truth' | 'people' | 'label' | 'image' | 'audio' | 'video';
  /** Pixels; the least when it grows. */
  width: number;
  /** Its share of what is left of the width; 0 for none. */
  share: number;
  shown: boolean;
  /** Can be asked for, not shown. */
  filterOnly?: boolean;
}
