/** How the tasks are laid out: which columns in which order and width, how close the rows stand, rows or pictures. Kept in a view, or on the device. */
import type { Column, SavedView } from './types';

export const DENSITIES = ['compact', 'normal', 'roomy'] as const;
export type Density = (typeof DENSITIES)[number];

export interface Layout {
  /** Ids of the columns shown, in their order. */
  shown: readonly string[];
  /** Widths that were chosen, in pixels, by column. */
  widths: Readonly<Record<string, number>>;
  density: Density;
  type: 'list' | 'grid';
  /** Pictures side by side, where there is room. */
  gridWidth: number;
}

export const NARROWEST = 48;
export const WIDEST = 1200;

export function usualLayout(columns: readonly Column[]): Layout {
  return { shown: columns.filter((one) => one.shown).map((one) => one.id), widths: {}, density: 'normal', type: 'list', gridWidth: 6 };
}

/** The layout that a view keeps. Views of Label Studio's clients say which columns are hidden, and widths by `tasks:<column>`. */
export function layoutOf(data: SavedView['data'], columns: readonly Column[], usual: Layout): Layout {
  const hidden = data.hiddenColumns?.explore;
  const shown = data.columns ?? (hidden ? columns.filter((one) => !one.filterOnly && !hidden.includes(`tasks:${one.id}`)).map((one) => one.id) : usual.shown);
  const widths = Object.entries(data.columnsWidth ?? {}).flatMap(([id, width]): [string, number][] =>
    typeof width === 'number' ? [[id.replace(/^tasks:/, ''), bounded(width)]] : [],
  );
  return {
    shown,
    widths: Object.fromEntries(widths),
    density: DENSITIES.find((one) => one === data.density) ?? usual.density,
    type: data.type === 'grid' ? 'grid' : 'list',
    gridWidth: typeof data.gridWidth === 'number' ? Math.min(12, Math.max(1, data.gridWidth)) : usual.gridWidth,
  };
}

/** What a view keeps of a layout. */
export function keptLayout(layout: Layout, columns: readonly Column[]): SavedView['data'] {
  const hidden = columns.filter((one) => !layout.shown.includes(one.id)).map((one) => `tasks:${one.id}`);
  return {
    columns: [...layout.shown],
    hiddenColumns: { explore: hidden, labeling: hidden },
    columnsWidth: Object.fromEntries(Object.entries(layout.widths).map(([id, width]) => [`tasks:${id}`, width])),
    density: layout.density,
    type: layout.type,
    gridWidth: layout.gridWidth,
  };
}

export function bounded(width: number): number {
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
}

const KEY = (project: number) => `labelspace.layout.${project}`;

/** The layout that the person chose on this device, else the usual one. */
export function layoutHere(project: number, columns: readonly Column[]): Layout {
  const usual = usualLayout(columns);
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY(project)) ?? 'null');
    return found && typeof found === 'object' ? layoutOf(found as SavedView['data'], columns, usual) : usual;
  } catch {
    return usual; // not ours, or storage is blocked
  }
}

export function keepLayoutHere(project: number, layout: Layout, columns: readonly Column[]): void {
  try {
    localStorage.setItem(KEY(project), JSON.stringify(keptLayout(layout, columns)));
  } catch {
    // Storage is full or blocked: the choice lasts for this visit.
  }
}
