/** The tasks as cards with their picture: cards on screen only, arrows to walk, Enter to open, space to select. */
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../core/text';
import { Icon } from '../icon';
import { Cell, Thumbnail } from './cell';
import type { Store } from './store';
import { sized } from './styles';
import type { TaskRow } from './types';
import { scrollTo, windowOf } from './window';

const NARROWEST = 140;
const GAP = 12;
const FOOT = 40;

export function Grid({ store }: { store: Store }) {
  const { totals, context } = store;
  const place = useRef<HTMLDivElement>(null);
  const scrolled = useSignal(0);
  const size = useSignal({ width: 900, height: 600 });
  const active = useSignal(-1);

  const perLine = Math.max(1, Math.min(store.layout.value.gridWidth, Math.floor((size.value.width - GAP) / (NARROWEST + GAP))));
  const width = (size.value.width - GAP) / perLine;
  const lineHeight = Math.round((width - GAP) * 0.75) + FOOT + GAP;
  const tasks = totals.value.tasks;
  const lines = Math.ceil(tasks / perLine);
  const view = windowOf(lines, lineHeight, scrolled.value, size.value.height, 1);

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => {
      size.value = { width: element.clientWidth, height: element.clientHeight };
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  // Only where the scrolling rests.
  useEffect(() => {
    const timer = window.setTimeout(() => store.show(view.from * perLine, Math.min(tasks, view.to * perLine)), 40);
    return () => window.clearTimeout(timer);
  }, [store.view.value, view.from, view.to, perLine, tasks]);

  useSignalEffect(() => {
    store.view.value;
    if (place.current) place.current.scrollTop = 0;
    active.value = -1;
  });

  const open = (row: TaskRow | undefined, apart = false) => {
    if (!row) return;
    const address = context.urls.task.replace('/0/', `/${row.id}/`);
    if (apart) window.open(address, '_blank', 'noopener');
    else window.location.assign(address);
  };
  const toggle = (row: TaskRow | undefined) => {
    if (row) store.select([row.id], !store.isSelected(row.id));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = perLine * Math.max(1, Math.floor(size.value.height / lineHeight));
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perLine, ArrowUp: -perLine, PageDown: page, PageUp: -page };
    const walk = (to: number) => {
      if (!tasks) return;
      active.value = Math.min(tasks - 1, Math.max(0, to));
      const element = place.current;
      const target = element && scrollTo(Math.floor(active.value / perLine), lines, lineHeight, element.scrollTop, element.clientHeight);
      if (element && target !== null) element.scrollTop = target;
    };
    if (event.key in steps) walk(active.value < 0 ? 0 : active.value + (steps[event.key] as number));
    else if (event.key === 'Home') walk(0);
    else if (event.key === 'End') walk(tasks - 1);
    else if (event.key === 'Enter' && active.value >= 0) open(store.row(active.value), event.ctrlKey || event.metaKey);
    else if (event.key === ' ' && active.value >= 0) toggle(store.row(active.value));
    else return;
    event.preventDefault();
  };

  const shown = [];
  for (let line = view.from; line < view.to; line++) shown.push(line);
  return (
    <div
      ref={place}
      class="dm-table dm-grid"
      role="grid"
      tabIndex={0}
      aria-label={t('Tasks')}
      aria-rowcount={lines}
      aria-colcount={perLine}
      aria-multiselectable="true"
      aria-activedescendant={active.value >= 0 ? `card-${active.value}` : undefined}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        scrolled.value = event.currentTarget.scrollTop;
      }}
    >
      <div class="dm-rows" role="rowgroup" ref={(element) => sized(element, { height: `${view.height + GAP}px` })}>
        {shown.map((line, index) => (
          <div
            key={line}
            class="dm-line"
            role="row"
            aria-rowindex={line + 1}
            ref={(element) =>
              sized(element, {
                transform: `translateY(${view.top + index * lineHeight + GAP}px)`,
                height: `${lineHeight - GAP}px`,
                gridTemplateColumns: `repeat(${perLine}, minmax(0, 1fr))`,
              })
            }
          >
            {Array.from({ length: Math.min(perLine, tasks - line * perLine) }, (_, at) => line * perLine + at).map((at) => (
              <Card key={at} at={at} store={store} active={active.value === at} open={open} toggle={toggle} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

interface CardProps {
  at: number;
  store: Store;
  active: boolean;
  open: (row: TaskRow | undefined, apart?: boolean) => void;
  toggle: (row: TaskRow | undefined) => void;
}

function Card({ at, store, active, open, toggle }: CardProps) {
  const row = store.row(at);
  const selected = row ? store.isSelected(row.id) : false;
  const state = `${active ? ' dm-active' : ''}${selected ? ' dm-selected' : ''}${row ? '' : ' dm-waiting'}`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself has the keys.
    <div
      id={`card-${at}`}
      class={`dm-card${state}`}
      role="gridcell"
      tabIndex={-1}
      aria-selected={selected}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('.dm-card-foot .check-only, a')) return;
        open(row, event.ctrlKey || event.metaKey);
      }}
    >
      {row && (
        <>
          <Face row={row} store={store} />
          <span class="dm-card-foot">
            <label class="check-only">
              <input
                type="checkbox"
                tabIndex={-1}
                checked={selected}
                aria-label={t('Select task {n}', { n: row.inner_id })}
                onClick={(event) => {
                  event.preventDefault();
                  toggle(row);
                }}
              />
            </label>
            <a href={store.context.urls.task.replace('/0/', `/${row.id}/`)} tabIndex={-1}>
              {row.inner_id}
            </a>
            <span class="dm-card-count">
              {row.is_labeled && <Icon name="check" />}
              {row.total_annotations > 0 && <span class="numbers">{row.total_annotations}</span>}
            </span>
          </span>
        </>
      )}
    </div>
  );
}

/** The task's picture; without one, the first of what it has to say. */
function Face({ row, store }: { row: TaskRow; store: Store }) {
  const data = store.columns.value.filter((column) => column.id.startsWith('data.'));
  const column = data.find((one) => one.type === 'image') ?? data.find((one) => one.type !== 'text') ?? data[0];
  if (!column) return <span class="dm-face" />;
  const value = row.data[column.id.slice(5)];
  const first = Array.isArray(value) ? value[0] : value;
  if (column.type === 'image' && first)
    return (
      <span class="dm-face dm-face-picture">
        <Thumbnail row={row} name={column.id.slice(5)} size={256} />
      </span>
    );
  return (
    <span class="dm-face">
      <Cell column={column} row={row} context={store.context} />
    </span>
  );
}
