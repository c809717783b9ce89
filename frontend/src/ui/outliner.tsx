import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type OutlineItem, type OutlineOrder, outline } from '../core/outline';
import { setLocked } from '../core/region-edits';
import { addRelation } from '../core/relations';
import { plural, t } from '../core/text';
import type { Editor } from '../core/types';
import { revealRegion } from './anchors';
import { describeAnswers, describeRegion } from './describe';
import { Icon } from './icon';
import { regionTitle } from './region-title';
import type { UiState } from './session-actions';

const ROW = 32;
const SPARE = 8;

interface RowProps {
  editor: Editor;
  comments: number | undefined;
  item: OutlineItem;
  number: number;
  index: number;
  selected: boolean;
  folded: boolean;
  onFold: () => void;
  onPick: (event: MouseEvent) => void;
}

function RegionRow({ editor, comments, item, number, index, selected, folded, onFold, onPick }: RowProps) {
  const { region, level } = item;
  const hidden = editor.hidden.value.has(region.id);
  const words = describeRegion(editor, region);
  const answers = describeAnswers(editor, region)
    .map((answer) => answer.words)
    .join(' · ');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the keys.
    <div
      id={`region-${region.id}`}
      role="treeitem"
      tabIndex={-1}
      aria-level={level}
      aria-setsize={item.siblings}
      aria-posinset={item.position}
      aria-selected={selected}
      aria-expanded={item.hasChildren ? !folded : undefined}
      class={`region-row${selected ? ' is-selected' : ''}${hidden ? ' is-hidden' : ''}${editor.regions.withheld.has(region.id) ? ' is-suggested' : ''}`}
      ref={(row) => {
        if (!row) return;
        row.style.top = `${index * ROW}px`;
        row.style.paddingInlineStart = `${8 + (level - 1) * 14}px`;
        row.style.setProperty('--label-color', editor.colorOf(region));
      }}
      onClick={onPick}
      onPointerEnter={() => {
        editor.hovered.value = region.id;
      }}
      onPointerLeave={() => {
        if (editor.hovered.peek() === region.id) editor.hovered.value = null;
      }}
    >
      {item.hasChildren && (
        <button
          type="button"
          tabIndex={-1}
          class="row-fold"
          aria-label={folded ? t('Unfold') : t('Fold')}
          onClick={(event) => {
            event.stopPropagation();
            onFold();
          }}
        >
          <Icon name={folded ? 'chevron-right' : 'chevron-down'} />
        </button>
      )}
      <span class="label-swatch" aria-hidden="true" />
      <span class="region-number">{number}</span>
      <span class="region-name">{regionTitle(editor, region)}</span>
      <span class="region-words">{[words, answers].filter(Boolean).join(' · ')}</span>
      {comments && (
        <span class="region-score" role="img" aria-label={plural(comments, '{count} open comment', '{count} open comments')}>
          <Icon name="comment" /> {comments}
        </span>
      )}
      {region.score !== null && <span class="region-score">{region.score.toFixed(2)}</span>}
      <button
        type="button"
        tabIndex={-1}
        class={`row-action${region.locked ? ' is-on' : ''}`}
        aria-label={region.locked ? t('Unlock') : t('Lock')}
        title={region.locked ? t('Unlock') : t('Lock')}
        disabled={editor.readonly.value}
        onClick={(event) => {
          event.stopPropagation();
          setLocked(editor, [region.id], !region.locked);
        }}
      >
        <Icon name={region.locked ? 'lock' : 'unlock'} />
      </button>
      <button
        type="button"
        tabIndex={-1}
        class={`row-action${hidden ? ' is-on' : ''}`}
        aria-label={hidden ? t('Show') : t('Hide')}
        title={hidden ? t('Show') : t('Hide')}
        onClick={(event) => {
          event.stopPropagation();
          editor.setHidden([region.id], !hidden);
        }}
      >
        <Icon name={hidden ? 'eye-off' : 'eye'} />
      </button>
    </div>
  );
}

const ORDERS: [OutlineOrder, () => string][] = [
  ['time', () => t('By time')],
  ['place', () => t('By place')],
  ['label', () => t('By label')],
  ['score', () => t('By score')],
];

export function Outliner({ editor, ui }: { editor: Editor; ui: UiState }) {
  const order = useSignal<OutlineOrder>('time');
  const descending = useSignal(false);
  const folded = useSignal<ReadonlySet<string>>(new Set());
  const scroll = useSignal(0);
  const height = useSignal(400);
  const list = useRef<HTMLDivElement>(null);
  const items = useComputed(() => outline(editor, order.value, descending.value, folded.value));
  // In any order but that of time, a region is known by its number in time.
  const numbers = useComputed(() => {
    if (order.value === 'time' && !descending.value) return null;
    void editor.regions.revision.value;
    return new Map(editor.regions.list().map((region, index) => [region.id, index + 1]));
  });
  const selection = editor.selection.value;
  const current = useComputed(() => {
    const [first] = editor.selection.value;
    return first === undefined ? -1 : items.value.indexOf(first);
  }).value;

  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      height.value = element.clientHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = list.current;
    if (!element || current < 0) return;
    const top = current * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW > element.scrollTop + element.clientHeight) element.scrollTop = top + ROW - element.clientHeight;
  }, [current, height.value]);

  const pick = (id: string, how: 'replace' | 'toggle' = 'replace') => {
    const from = ui.relationFrom.peek();
    if (from !== null) {
      addRelation(editor, from, id);
      ui.relationFrom.value = null;
      return;
    }
    editor.select([id], how);
    revealRegion(editor, id);
  };
  const fold = (id: string, on: boolean) => {
    const next = new Set(folded.value);
    if (on) next.add(id);
    else next.delete(id);
    folded.value = next;
  };
  const key = (event: KeyboardEvent) => {
    const all = items.value;
    const item = all.at(current < 0 ? Number.MAX_SAFE_INTEGER : current);
    const go = (index: number) => {
      const next = all.at(Math.max(0, Math.min(all.length - 1, index)));
      if (next) pick(next.region.id);
    };
    const page = Math.max(1, Math.floor(height.value / ROW) - 1);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowDown') go(current + 1);
    else if (event.key === 'ArrowUp') go(current < 0 ? all.length - 1 : current - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(all.length - 1);
    else if (event.key === 'PageDown') go(current + page);
    else if (event.key === 'PageUp') go(current - page);
    else if (event.key === 'ArrowLeft' && item?.hasChildren) fold(item.region.id, true);
    else if (event.key === 'ArrowRight' && item?.hasChildren) fold(item.region.id, false);
    else if (event.key === 'Enter' && item) ui.focusDetails.value = 'first';
    else return;
    event.preventDefault();
  };

  const first = Math.max(0, Math.floor(scroll.value / ROW) - SPARE);
  const shown = items.value.slice(first, first + Math.ceil(height.value / ROW) + SPARE * 2);
  const total = editor.regions.size;
  const allHidden = total > 0 && editor.hidden.value.size >= total;
  return (
    <section class="outliner" aria-label={t('Regions')}>
      <header class="panel-head">
        <h2>{plural(total, '{count} region', '{count} regions')}</h2>
        <select
          class="select select-small"
          aria-label={t('Order of the regions')}
          value={`${order.value}${descending.value ? '-' : ''}`}
          onChange={(event) => {
            const value = event.currentTarget.value;
            order.value = value.replace('-', '') as OutlineOrder;
            descending.value = value.endsWith('-');
          }}
        >
          {ORDERS.flatMap(([value, title]) => [
            <option key={value} value={value}>
              {`${title()} ↑`}
            </option>,
            <option key={`${value}-`} value={`${value}-`}>
              {`${title()} ↓`}
            </option>,
          ])}
        </select>
        <button
          type="button"
          class="button button-quiet icon-button"
          aria-label={allHidden ? t('Show all regions') : t('Hide all regions')}
          title={allHidden ? t('Show all regions') : t('Hide all regions')}
          disabled={total === 0}
          onClick={() =>
            editor.setHidden(
              editor.regions.list().map((region) => region.id),
              !allHidden,
            )
          }
        >
          <Icon name={allHidden ? 'eye-off' : 'eye'} />
        </button>
      </header>
      {total === 0 ? (
        <p class="hint panel-empty">{t('Nothing is marked yet.')}</p>
      ) : (
        <div
          ref={list}
          class="region-list"
          role="tree"
          aria-label={t('Regions')}
          aria-multiselectable="true"
          tabIndex={0}
          aria-activedescendant={current >= first && current < first + shown.length ? `region-${items.value.at(current)?.region.id}` : undefined}
          onScroll={(event) => {
            scroll.value = event.currentTarget.scrollTop;
          }}
          onKeyDown={key}
        >
          <div class="region-space" role="presentation" ref={(space) => space?.style.setProperty('height', `${items.value.length * ROW}px`)}>
            {shown.map((item, index) => (
              <RegionRow
                key={item.region.id}
                editor={editor}
                comments={ui.commented.value.get(item.region.id)}
                item={item}
                index={first + index}
                number={numbers.value?.get(item.region.id) ?? first + index + 1}
                selected={selection.has(item.region.id)}
                folded={folded.value.has(item.region.id)}
                onFold={() => fold(item.region.id, !folded.value.has(item.region.id))}
                onPick={(event) => pick(item.region.id, event.ctrlKey || event.metaKey || event.shiftKey ? 'toggle' : 'replace')}
              />
            ))}
          </div>
        </div>
      )}
    </section>
  );
}
