/** The table itself: rows on screen only, arrows to walk, Enter to open, space to select, a click on a head to sort. */
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../core/text';
import { Cell } from './cell';
import { Head } from './head';
import type { Density } from './layout';
import type { Store } from './store';
import { sized } from './styles';
import type { TaskRow } from './types';
import { scrollTo, windowOf } from './window';

const CHECK_WIDTH = 44;
const GAP = 16;
// Pixels of a row, and of one with pictures.
const HEIGHTS: Record<Density, readonly [number, number]> = { compact: [32, 52], normal: [44, 76], roomy: [64, 124] };

export function Table({ store }: { store: Store }) {
  const { columns, totals } = store;
  const place = useRef<HTMLDivElement>(null);
  const scrolled = useSignal(0);
  const height = useSignal(600);
  const active = useSignal(-1);
  const anchor = useRef(-1);

  const pictures = columns.value.some((column) => column.type === 'image');
  const { density } = store.layout.value;
  const lineHeight = HEIGHTS[density][pictures ? 1 : 0];
  const lines = totals.value.tasks;
  const view = windowOf(lines, lineHeight, scrolled.value, height.value);

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => {
      height.value = element.clientHeight;
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  // A glance past thousands of rows asks for none of them: only where the scrolling rests.
  useSignalEffect(() => {
    const now = windowOf(totals.value.tasks, lineHeight, scrolled.value, height.value);
    store.view.value;
    const timer = window.setTimeout(() => store.show(now.from, now.to), 40);
    return () => window.clearTimeout(timer);
  });

  useSignalEffect(() => {
    store.view.value;
    if (place.current) place.current.scrollTop = 0;
    active.value = -1;
  });

  const open = (row: TaskRow | undefined, apart = false) => {
    if (!row) return;
    const address = store.context.urls.task.replace('/0/', `/${row.id}/`);
    if (apart) window.open(address, '_blank', 'noopener');
    else window.location.assign(address);
  };

  const walk = (to: number) => {
    if (!lines) return;
    active.value = Math.min(lines - 1, Math.max(0, to));
    const element = place.current;
    if (!element) return;
    const head = element.querySelector('.dm-head')?.clientHeight ?? 0;
    const target = scrollTo(active.value, lines, lineHeight, element.scrollTop, element.clientHeight - head);
    if (target !== null) element.scrollTop = target;
  };

  const toggle = (at: number, range: boolean) => {
    const row = store.row(at);
    if (!row) return;
    const on = !store.isSelected(row.id);
    const [from, to] = range && anchor.current >= 0 ? [Math.min(anchor.current, at), Math.max(anchor.current, at)] : [at, at];
    const ids = [];
    for (let line = from; line <= to; line++) {
      const one = store.row(line);
      if (one) ids.push(one.id);
    }
    store.select(ids, on);
    anchor.current = at;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor(height.value / lineHeight) - 2);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    if (event.key in steps) walk((active.value < 0 ? (event.key === 'ArrowUp' ? 1 : -1) : active.value) + (steps[event.key] as number));
    else if (event.key === 'Home') walk(0);
    else if (event.key === 'End') walk(lines - 1);
    else if (event.key === 'Enter' && active.value >= 0) open(store.row(active.value), event.ctrlKey || event.metaKey);
    else if (event.key === ' ' && active.value >= 0) toggle(active.value, event.shiftKey);
    else return;
    event.preventDefault();
  };

  const grows = columns.value.some((column) => column.share > 0);
  const template = [
    `${CHECK_WIDTH}px`,
    ...columns.value.map((column) => (column.share ? `minmax(${column.width}px, ${column.share}fr)` : `${column.width}px`)),
    ...(grows ? [] : ['1fr']),
  ].join(' ');
  const least = CHECK_WIDTH + columns.value.reduce((sum, column) => sum + column.width + GAP, 0);
  const everything = store.selection.value.all && store.selection.value.ids.size === 0;

  const rows = [];
  for (let at = view.from; at < view.to; at++) rows.push(at);

  return (
    <div
      ref={place}
      class={`dm-table dm-${density}${pictures ? ' dm-pictures' : ''}`}
      role="grid"
      tabIndex={0}
      aria-label={t('Tasks')}
      aria-rowcount={lines + 1}
      aria-multiselectable="true"
      aria-activedescendant={active.value >= 0 ? `row-${active.value}` : undefined}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        scrolled.value = event.currentTarget.scrollTop;
      }}
    >
      <div class="dm-sizer" ref={(element) => sized(element, { minWidth: `${least}px` })}>
        <div class="dm-head" role="row" aria-rowindex={1} ref={(element) => sized(element, { gridTemplateColumns: template })}>
          <span role="columnheader" class="dm-check">
            <label class="check-only">
              <input
                type="checkbox"
                checked={everything}
                aria-label={t('Select all tasks')}
                onChange={(event) => {
                  store.selection.value = { all: event.currentTarget.checked, ids: new Set() };
                }}
              />
            </label>
          </span>
          {columns.value.map((column) => (
            <Head key={column.id} column={column} store={store} />
          ))}
        </div>
        <div class="dm-rows" role="rowgroup" ref={(element) => sized(element, { height: `${view.height}px` })}>
          {rows.map((at, index) => {
            const row = store.row(at);
            const selected = row ? store.isSelected(row.id) : false;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself has the keys.
              <div
                key={at}
                id={`row-${at}`}
                role="row"
                class={`dm-row${active.value === at ? ' dm-active' : ''}${selected ? ' dm-selected' : ''}${row ? '' : ' dm-waiting'}`}
                aria-rowindex={at + 2}
                aria-selected={selected}
                ref={(element) =>
                  sized(element, { gridTemplateColumns: template, transform: `translateY(${view.top + index * lineHeight}px)`, height: `${lineHeight}px` })
                }
                onClick={(event) => {
                  if (event.target instanceof Element && event.target.closest('.dm-check, a, button')) return;
                  if (window.getSelection()?.toString()) return; // somebody is copying
                  open(row, event.ctrlKey || event.metaKey);
                }}
              >
                <span role="gridcell" class="dm-check">
                  {row && (
                    <label class="check-only">
                      <input
                        type="checkbox"
                        tabIndex={-1}
                        checked={selected}
                        aria-label={t('Select task {n}', { n: row.inner_id })}
                        onClick={(event) => {
                          event.preventDefault();
                          toggle(at, event.shiftKey);
                        }}
                      />
                    </label>
                  )}
                </span>
                {columns.value.map((column) => (
                  <span key={column.id} role="gridcell" class={`dm-cell dm-${column.type}`}>
                    {row ? (
                      column.id === 'inner_id' ? (
                        <a href={store.context.urls.task.replace('/0/', `/${row.id}/`)} tabIndex={-1}>
                          {row.inner_id}
                        </a>
                      ) : (
                        <Cell column={column} row={row} context={store.context} />
                      )
                    ) : null}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
