import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { attribute } from '../../core/node';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { Question } from '../../ui/question';
import { CardContent, type CardData, readCards } from '../list/cards';
import { type Column, columnsOf, moved, orderOf, rankerValue } from './order';

interface ColumnProps {
  column: Column;
  cards: readonly CardData[];
  ids: readonly string[];
  readonly: boolean;
  onDrop: (id: string, column: string, index: number) => void;
  onKey: (event: KeyboardEvent, id: string) => void;
}

function RankerColumn({ column, cards, ids, readonly, onDrop, onKey }: ColumnProps) {
  const list = useRef<HTMLUListElement>(null);
  const drop = useRef(onDrop);
  drop.current = onDrop;
  useEffect(() => {
    if (readonly || !list.current) return;
    let sortable: { destroy(): void } | undefined;
    let alive = true;
    import('sortablejs').then(({ default: Sortable }) => {
      if (!alive || !list.current) return;
      sortable = Sortable.create(list.current, {
        group: 'ranker',
        animation: 0,
        forceFallback: true,
        fallbackTolerance: 4,
        ghostClass: 'is-ghost',
        delay: 150,
        delayOnTouchOnly: true,
        onEnd: ({ item, from, to, oldIndex = 0, newIndex = 0 }) => {
          // The list is drawn from the answer: what the pointer moved is put back first.
          from.insertBefore(item, from.children[oldIndex + (from === to && newIndex < oldIndex ? 1 : 0)] ?? null);
          drop.current(item.dataset.id as string, (to as HTMLElement).dataset.column as string, newIndex);
        },
      });
    });
    return () => {
      alive = false;
      sortable?.destroy();
    };
  }, [readonly]);
  return (
    <section class="ranker-column htx-ranker-column" aria-label={column.title || t('Order')}>
      {column.title && <h3 class="card-list-title">{column.title}</h3>}
      <ul ref={list} class="cards" data-column={column.key}>
        {ids.map((id, index) => {
          const card = cards.find((candidate) => candidate.id === id);
          return (
            card && (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: cards are moved by keys.
              <li key={id} class="card htx-ranker-item" data-id={id} tabIndex={0} onKeyDown={(event) => onKey(event, id)}>
                <span class="card-place">{index + 1}</span>
                <CardContent card={card} />
              </li>
            )
          );
        })}
      </ul>
    </section>
  );
}

export default function Ranker({ node, editor }: TagViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const object = editor.nodes.get(node.toName[0] ?? '');
  const cards = useMemo(() => readCards(object?.value), [object]);
  const columns = columnsOf(node, t('Not sorted yet'));
  const order = useComputed(() =>
    orderOf(
      node,
      cards.map((card) => card.id),
      editor.answer(node),
    ),
  ).value;
  const title = attribute(node, 'title') || (object ? attribute(object, 'title') : '');

  const put = (id: string, column: string, index: number) => {
    editor.setAnswer(node, rankerValue(moved(order, id, column, index)), { label: t('Sort') });
    requestAnimationFrame(() => host.current?.querySelector<HTMLElement>(`.card[data-id="${CSS.escape(id)}"]`)?.focus());
  };

  const key = (event: KeyboardEvent, id: string) => {
    const at = columns.findIndex((column) => order[column.key]?.includes(id));
    const column = columns[at] as Column;
    const index = order[column.key]?.indexOf(id) ?? 0;
    const vertical = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    const sideways = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (!vertical && !sideways) return;
    event.preventDefault();
    if (event.shiftKey && !editor.readonly.peek()) {
      const target = columns[at + sideways];
      const length = order[column.key]?.length ?? 0;
      if (vertical && index + vertical >= 0 && index + vertical < length) put(id, column.key, index + vertical);
      if (sideways && target) put(id, target.key, order[target.key]?.length ?? 0);
      return;
    }
    const neighbour = columns[at + sideways];
    const next = vertical ? order[column.key]?.[index + vertical] : neighbour && order[neighbour.key]?.[0];
    if (next !== undefined) host.current?.querySelector<HTMLElement>(`.card[data-id="${CSS.escape(next)}"]`)?.focus();
  };

  if (!object) return null;
  return (
    <Question node={node} editor={editor}>
      <div ref={host} class="tag-ranker" role="group" aria-label={title || t('Sort {name}', { name: node.name })} data-object={object.name}>
        {title && <h3 class="card-list-title">{title}</h3>}
        {cards.length === 0 && <p class="hint">{t('This list is empty.')}</p>}
        <div class="ranker-columns">
          {columns.map((column) => (
            <RankerColumn
              key={column.key}
              column={column}
              cards={cards}
              ids={order[column.key] ?? []}
              readonly={editor.readonly.value}
              onDrop={put}
              onKey={key}
            />
          ))}
        </div>
        {!editor.readonly.value && cards.length > 0 && (
          <p class="hint ranker-hint">
            {columns.length > 1
              ? t('Drag the cards, or move the focused one by Shift with the arrow keys.')
              : t('Drag the best to the top, or move the focused card by Shift with the arrow keys.')}
          </p>
        )}
      </div>
    </Question>
  );
}
