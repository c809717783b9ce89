/** Two annotations or predictions of the task beside or over each other, what differs marked and named, each difference to be taken over. */
import './compare.css';
import { signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { AnnotationEditor } from '../core/editor';
import { plural, t } from '../core/text';
import type { Editor, ResultRow } from '../core/types';
import type { LabelingSession } from '../net/session';
import type { Tab } from '../net/tabs';
import { revealRegion } from '../ui/anchors';
import { describeRegion } from '../ui/describe';
import type { DialogProps } from '../ui/dialogs';
import { Frame } from '../ui/dialogs/frame';
import { regionTitle } from '../ui/region-title';
import { Tag } from '../ui/tag-tree';
import { tabTitle } from '../ui/top-bar';
import { agreement, compare, type Difference, type Kind, takeOver } from './differences';

type Side = 'left' | 'right';

const COLORS: Record<Kind, string> = { same: '#7b7b8b', label: '#d08a00', place: '#2f7fd6', answer: '#9467bd', left: '#d6336c', right: '#0f9d76' };

const OVER: Record<Side, string> = { left: 'left/', right: 'right/' };

function nameOf(session: LabelingSession, tab: Tab): string {
  const { name, detail } = tabTitle(session, tab);
  return detail ? `${name}, ${detail}` : name;
}

/** An editor that only shows: it listens to no keys and changes nothing. */
function shown(session: LabelingSession, rows: readonly ResultRow[]): AnnotationEditor {
  const root = session.open.peek()?.editor.root as AnnotationEditor['root'];
  return new AnnotationEditor({ root, data: session.task.peek()?.data ?? {}, rows, readonly: true, settings: session.settings });
}

function over(side: Side, rows: readonly ResultRow[]): ResultRow[] {
  return rows.map((row) => ({
    ...row,
    ...(row.id !== undefined && { id: OVER[side] + row.id }),
    ...(row.from_id !== undefined && { from_id: OVER[side] + row.from_id }),
    ...(row.to_id !== undefined && { to_id: OVER[side] + row.to_id }),
    ...(row.parentID && { parentID: OVER[side] + row.parentID }),
  }));
}

class Comparison {
  readonly found = signal<readonly Difference[]>([]);
  readonly editors: Record<Side, AnnotationEditor>;
  readonly both: AnnotationEditor;
  private readonly colors = new Map<string, string>();

  constructor(
    session: LabelingSession,
    readonly tabs: Record<Side, Tab>,
  ) {
    this.editors = { left: shown(session, []), right: shown(session, []) };
    this.both = shown(session, []);
    for (const side of ['left', 'right'] as const) this.editors[side].colorOf = (region) => this.colors.get(OVER[side] + region.id) ?? COLORS.same;
    this.both.colorOf = (region) => this.colors.get(region.id) ?? COLORS.same;
  }

  show(rows: Record<Side, readonly ResultRow[]>): void {
    const found = compare(rows.left, rows.right);
    this.colors.clear();
    for (const { kind, left, right } of found) {
      if (left) this.colors.set(OVER.left + left.id, COLORS[kind]);
      if (right) this.colors.set(OVER.right + right.id, COLORS[kind]);
    }
    for (const side of ['left', 'right'] as const) this.editors[side].regions.replaceAll([...rows[side]]);
    const same = new Set(found.filter(({ kind, right }) => kind === 'same' && right).map(({ right }) => OVER.right + right?.id));
    const second = over('right', rows.right).filter((row) => !same.has(row.id ?? ''));
    this.both.regions.replaceAll([...over('left', rows.left), ...second]);
    this.found.value = found;
  }

  reveal({ left, right }: Difference): void {
    const pick = (editor: Editor, ids: string[]) => {
      editor.select(ids);
      if (ids[0] !== undefined) revealRegion(editor, ids[0]);
    };
    pick(this.editors.left, left ? [left.id] : []);
    pick(this.editors.right, right ? [right.id] : []);
    pick(
      this.both,
      [...(left ? [OVER.left + left.id] : []), ...(right ? [OVER.right + right.id] : [])].filter((id) => this.both.regions.get(id)),
    );
  }
}

/** What the difference is, in a few words. */
function words(kind: Kind, difference: Difference, names: Record<Side, string>): string {
  switch (kind) {
    case 'same':
      return t('the same');
    case 'label':
      return t('other label');
    case 'place':
      return t('other place, {share} % in common', { share: Math.round(difference.agreement * 100) });
    case 'answer':
      return t('other answer');
    default:
      return t('only {name}', { name: names[kind] });
  }
}

const answerOf = (row: ResultRow | undefined) => {
  if (!row) return '–';
  const value = row.value?.[row.type] ?? row.value;
  return Array.isArray(value)
    ? value.map((part) => (Array.isArray(part) ? part.join(' / ') : typeof part === 'object' ? JSON.stringify(part) : String(part))).join(', ')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
};

function what(comparison: Comparison, difference: Difference): string {
  const { left, right, leftRow, rightRow } = difference;
  if (leftRow || rightRow) {
    const name = (leftRow ?? rightRow)?.from_name ?? '';
    return difference.kind === 'same' ? `${name}: ${answerOf(leftRow)}` : `${name}: ${answerOf(leftRow)} ≠ ${answerOf(rightRow)}`;
  }
  const titles = [left && regionTitle(comparison.editors.left, left), right && regionTitle(comparison.editors.right, right)].filter(Boolean);
  const region = left ?? right;
  const about = region ? describeRegion(comparison.editors[left ? 'left' : 'right'], region) : '';
  return [[...new Set(titles)].join(' ≠ '), about].filter(Boolean).join(' · ');
}

function Picker({ session, side, value, onPick }: { session: LabelingSession; side: Side; value: string; onPick: (key: string) => void }) {
  return (
    <select class="select" aria-label={side === 'left' ? t('First') : t('Second')} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
      {session.tabs.value.map((tab) => (
        <option key={tab.key} value={tab.key}>
          {nameOf(session, tab)}
        </option>
      ))}
    </select>
  );
}

export default function Compare({ session, close }: DialogProps) {
  const tabs = session.tabs.value;
  const open = session.open.value;
  const keys = useSignal<Record<Side, string>>({ left: open?.tab.key ?? '', right: tabs.find((tab) => tab.key !== open?.tab.key)?.key ?? '' });
  const overlaid = useSignal(false);
  const all = useSignal(false);
  const at = useSignal(0);
  const list = useRef<HTMLDivElement>(null);
  const { left: leftKey, right: rightKey } = keys.value;
  const comparison = useMemo(() => {
    const tabOf = (key: string) => tabs.find((tab) => tab.key === key) ?? (tabs[0] as Tab);
    return new Comparison(session, { left: tabOf(leftKey), right: tabOf(rightKey) });
  }, [leftKey, rightKey]);
  // What is open is shown as it is now, and again after each change.
  useSignalEffect(() => {
    void session.open.value?.editor.regions.revision.value;
    comparison.show({ left: session.rowsOf(comparison.tabs.left), right: session.rowsOf(comparison.tabs.right) });
  });
  const found = comparison.found.value;
  const names = { left: nameOf(session, comparison.tabs.left), right: nameOf(session, comparison.tabs.right) };
  const listed = useComputed(() => comparison.found.value.filter(({ kind }) => all.value || kind !== 'same'));
  const entries = all.value ? found : found.filter(({ kind }) => kind !== 'same');
  const current = entries[Math.min(at.value, entries.length - 1)];
  useEffect(() => {
    if (current) comparison.reveal(current);
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [comparison, current?.key]);
  useEffect(() => list.current?.focus(), []);

  // What is open and may be changed takes over from the other side.
  const target: Side | null =
    !open || open.editor.readonly.value || leftKey === rightKey ? null : open.tab.key === leftKey ? 'left' : open.tab.key === rightKey ? 'right' : null;
  const source: Side | null = target === null ? null : target === 'left' ? 'right' : 'left';
  const take = (differences: readonly Difference[]) => {
    if (!open || source === null) return;
    const wanted = differences.filter(({ kind }) => kind !== 'same');
    const locked = wanted.filter(({ left, right }) => (target === 'left' ? left : right)?.locked);
    if (locked.length > 0) session.say(t('Locked regions stay as they are.'), 'problem');
    const predicted = comparison.tabs[source].kind === 'prediction';
    const changes = wanted
      .filter((one) => !locked.includes(one))
      .flatMap((one) => takeOver(open.editor, one, source))
      .map(({ row, ...change }) => ({ ...change, ...(row && { row: predicted ? { ...row, origin: 'prediction' } : row }) }));
    if (changes.length > 0) open.editor.commit(t('Take over'), changes);
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && open && !event.altKey) {
        if (event.shiftKey) open.editor.redo();
        else open.editor.undo();
        event.preventDefault();
      }
      return;
    }
    const last = listed.peek().length - 1;
    if (event.key === 'ArrowDown') at.value = Math.min(last, at.peek() + 1);
    else if (event.key === 'ArrowUp') at.value = Math.max(0, at.peek() - 1);
    else if (event.key === 'Home') at.value = 0;
    else if (event.key === 'End') at.value = last;
    else if (event.key === 'Enter' && current) take([current]);
    else if (event.key === 'o') overlaid.value = !overlaid.peek();
    else return;
    event.preventDefault();
  };
  const pane = (side: Side) => (
    // A form of its own: its radio buttons are not those of the page.
    <form key={`${side} ${keys.value[side]}`} class="compare-pane" aria-label={names[side]} onSubmit={(event) => event.preventDefault()}>
      <Tag node={comparison.editors[side].root} editor={comparison.editors[side]} />
    </form>
  );
  return (
    <Frame title={t('Compare')} close={close} class="compare">
      <div class="compare-bar">
        <Picker
          session={session}
          side="left"
          value={leftKey}
          onPick={(left) => {
            keys.value = { ...keys.peek(), left };
          }}
        />
        <Picker
          session={session}
          side="right"
          value={rightKey}
          onPick={(right) => {
            keys.value = { ...keys.peek(), right };
          }}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={overlaid.value}
            onChange={(event) => {
              overlaid.value = event.currentTarget.checked;
            }}
          />
          <span>{t('One over the other')}</span>
        </label>
        <strong class="compare-figure" role="status">
          {t('Agreement {share} %: {same} of {all} the same', {
            share: Math.round(agreement(found) * 100),
            same: found.filter(({ kind }) => kind === 'same').length,
            all: found.length,
          })}
        </strong>
      </div>
      <div class={`compare-body${overlaid.value ? ' is-over' : ''}`}>
        {overlaid.value ? (
          <form
            key={`over ${leftKey} ${rightKey}`}
            class="compare-pane"
            aria-label={`${names.left}, ${names.right}`}
            onSubmit={(event) => event.preventDefault()}
          >
            <Tag node={comparison.both.root} editor={comparison.both} />
          </form>
        ) : (
          <>
            {pane('left')}
            {pane('right')}
          </>
        )}
        <section class="compare-side" aria-label={t('Differences')}>
          <header class="panel-head">
            <h2>{plural(found.filter(({ kind }) => kind !== 'same').length, '{count} difference', '{count} differences')}</h2>
            <label class="check">
              <input
                type="checkbox"
                checked={all.value}
                onChange={(event) => {
                  all.value = event.currentTarget.checked;
                }}
              />
              <span>{t('Show all')}</span>
            </label>
          </header>
          <div
            ref={list}
            class="compare-list"
            role="listbox"
            tabIndex={0}
            aria-label={t('Differences')}
            aria-activedescendant={current ? `difference-${entries.indexOf(current)}` : undefined}
            onKeyDown={press}
          >
            {entries.slice(0, 500).map((one, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it has the keys.
              <div
                key={one.key}
                id={`difference-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={one === current}
                class="compare-row"
                ref={(row) => row?.style.setProperty('--label-color', COLORS[one.kind])}
                onClick={() => {
                  at.value = index;
                }}
              >
                <span class="label-swatch" aria-hidden="true" />
                <span>{what(comparison, one)}</span>
                <small>{words(one.kind, one, names)}</small>
              </div>
            ))}
          </div>
          {entries.length === 0 && <p class="hint panel-empty">{t('Nothing differs.')}</p>}
          <footer class="compare-foot">
            {source ? (
              <>
                <button type="button" class="button" disabled={!current || current.kind === 'same'} onClick={() => current && take([current])}>
                  {t('Take over from {name}', { name: names[source] })}
                  <kbd class="key">↵</kbd>
                </button>
                <button type="button" class="button" disabled={found.every(({ kind }) => kind === 'same')} onClick={() => take(found)}>
                  {t('Take over everything')}
                </button>
              </>
            ) : (
              (['left', 'right'] as const).map((side) => (
                <button
                  key={side}
                  type="button"
                  class="button"
                  onClick={() => {
                    close();
                    void session.addTab(comparison.tabs[side]);
                  }}
                >
                  {t('Start my own from {name}', { name: names[side] })}
                </button>
              ))
            )}
          </footer>
        </section>
      </div>
    </Frame>
  );
}
