/** The head of a column: a click orders by it (with Shift besides the others), its edge is dragged for the width, itself for the place. */
import { useSignal } from '@preact/signals';
import { t } from '../../core/text';
import { Icon } from '../icon';
import { bounded } from './layout';
import { swapped } from './menus';
import type { Store } from './store';
import type { Column } from './types';

const STEP = 16;
const DRAGGED = 'application/x-labelspace-column';

export function Head({ column, store }: { column: Column; store: Store }) {
  const { order } = store.view.value;
  const place = order.findIndex((key) => key.column === column.id);
  const mine = order[place];
  const over = useSignal(false);

  const sort = (event: MouseEvent) => {
    const next = !mine ? [{ column: column.id, descending: false }] : mine.descending ? [] : [{ column: column.id, descending: true }];
    const others = order.filter((key) => key !== mine);
    const kept = mine ? [...order.slice(0, place), ...next, ...order.slice(place + 1)] : [...others, ...next];
    store.view.value = { ...store.view.value, order: event.shiftKey ? kept : next };
  };
  const resize = (width: number) => store.arrange({ widths: { ...store.layout.peek().widths, [column.id]: bounded(width) } });
  const move = (by: number) => {
    const shown = store.columns.peek().map((one) => one.id);
    const at = shown.indexOf(column.id);
    if (shown[at + by] !== undefined) store.arrange({ shown: swapped(shown, Math.min(at, at + by)) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!by || event.altKey === event.shiftKey) return;
    const head = (event.currentTarget as HTMLElement).parentElement as HTMLElement;
    if (event.shiftKey) resize(head.offsetWidth + by * STEP);
    else move(by);
    event.preventDefault();
    event.stopPropagation();
  };

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const edge = event.currentTarget as HTMLElement;
    const from = event.clientX;
    const width = (edge.parentElement as HTMLElement).offsetWidth;
    const drag = (moved: PointerEvent) => resize(width + moved.clientX - from);
    edge.setPointerCapture(event.pointerId);
    edge.addEventListener('pointermove', drag);
    edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', drag), { once: true });
    event.preventDefault();
  };

  return (
    <span
      role="columnheader"
      tabIndex={-1}
      class={`dm-title dm-${column.type}${over.value ? ' dm-drop' : ''}`}
      aria-sort={mine ? (mine.descending ? 'descending' : 'ascending') : 'none'}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes(DRAGGED)) return;
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={(event) => {
        over.value = false;
        const dragged = event.dataTransfer?.getData(DRAGGED);
        const shown = store.columns.peek().map((one) => one.id);
        const to = shown.indexOf(column.id);
        if (!dragged || !shown.includes(dragged)) return;
        event.preventDefault();
        const left = shown.filter((id) => id !== dragged);
        left.splice(to, 0, dragged);
        store.arrange({ shown: left });
      }}
    >
      <button
        type="button"
        draggable
        title={t('{column}: order by it; with Shift, besides the others. Alt+arrows move the column, Shift+arrows change its width.', {
          column: column.title,
        })}
        onClick={sort}
        onKeyDown={onKeyDown}
        onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, column.id)}
      >
        <span class="clip">{column.title}</span>
        {mine && <Icon name={mine.descending ? 'arrow-down' : 'arrow-up'} />}
        {mine && order.length > 1 && <span class="dm-place numbers">{place + 1}</span>}
      </button>
      <span class="dm-edge" aria-hidden="true" onPointerDown={onPointerDown} onDblClick={() => store.arrange({ widths: without(store, column.id) })} />
    </span>
  );
}

function without(store: Store, id: string): Record<string, number> {
  const { [id]: _gone, ...widths } = store.layout.peek().widths;
  return widths;
}
