import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { marksPaths } from '../../core/marking';
import { attribute, flag, numeric } from '../../core/node';
import { rowLabels } from '../../core/region';
import { t } from '../../core/text';
import type { Editor, TagNode, TagViewProps } from '../../core/types';
import { Icon } from '../../ui/icon';
import { Question } from '../../ui/question';
import { type Entry, entriesFrom, entriesOf, keyOf, pathsOf, shownEntries, titlesOf } from './tree';

const ROW = 32;

/** What is picked, and how to change it: an answer, or labels for the next span when the tag is used for labeling. */
function usePicks(node: TagNode, editor: Editor): { paths: readonly (readonly string[])[]; set: (paths: readonly (readonly string[])[]) => void } {
  const marks = marksPaths(node);
  const paths = useComputed(() => {
    if (!marks) return pathsOf(editor.answer(node));
    void editor.regions.revision.value;
    for (const id of editor.selection.value) {
      const row = editor.regions.get(id)?.rows.find((candidate) => candidate.from_name === node.name);
      if (row) return pathsOf(row);
    }
    return (editor.activeLabels.value.get(node.name) ?? []).map((path) => JSON.parse(path) as string[]);
  }).value;
  const set = (next: readonly (readonly string[])[]) => {
    if (!marks) {
      editor.setAnswer(node, next.length > 0 ? { taxonomy: next.map((path) => [...path]) } : null);
      return;
    }
    const stored = next.map((path) => JSON.stringify(path));
    const chosen = [...editor.selection.peek()].filter((id) =>
      editor.regions.get(id)?.rows.some((row) => row.from_name === node.name || rowLabels(row).length > 0),
    );
    if (chosen.length > 0) editor.relabel(chosen, node.name, stored);
    else {
      // Toggling by name keeps one active set in the editor: first all off, then the new ones on.
      editor.clearLabels();
      for (const path of stored) editor.toggleLabel(node.name, path);
    }
  };
  return { paths, set };
}

/** The tree, with branches fetched from `apiUrl` where the config names one. */
function useTree(node: TagNode): { entries: readonly Entry[]; fetchBelow: (entry: Entry) => void; problem: string } {
  const fixed = useMemo(() => entriesOf(node), [node]);
  const [fetched, setFetched] = useState<readonly Entry[]>([]);
  const [problem, setProblem] = useState('');
  const url = attribute(node, 'apiUrl');
  const load = async (path: readonly string[]): Promise<Entry[]> => {
    const address = new URL(url, location.href);
    for (const step of path) address.searchParams.append('path[]', step);
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(String(answer.status));
    return entriesFrom(await answer.json(), path);
  };
  const fail = (error: Error) => setProblem(t('The entries at {address} could not be loaded ({reason}).', { address: url, reason: error.message }));
  useEffect(() => {
    if (url) load([]).then(setFetched, fail);
  }, [url]);
  const fetchBelow = (entry: Entry) => {
    load(entry.path).then((children) => {
      entry.children = children;
      setFetched((current) => [...current]);
    }, fail);
  };
  const entries = useMemo(() => [...fixed, ...fetched], [fixed, fetched]);
  return { entries, fetchBelow, problem };
}

export default function Taxonomy({ node, editor }: TagViewProps) {
  const { entries, fetchBelow, problem } = useTree(node);
  const { paths, set } = usePicks(node, editor);
  const unfolded = useSignal<ReadonlySet<string>>(new Set());
  const isOpen = useSignal(false);
  const words = useSignal('');
  const active = useSignal(0);
  const top = useSignal(0);
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => shownEntries(entries, unfolded.value, words.value), [entries, unfolded.value, words.value]);
  const picked = new Set(paths.map(keyOf));
  const leafsOnly = flag(node, 'leafsOnly');
  const most = numeric(node, 'maxUsages', Number.POSITIVE_INFINITY);
  const separator = attribute(node, 'pathSeparator') || ' / ';
  const readonly = editor.readonly.value;
  const listId = `taxonomy-${node.key}`;

  useEffect(() => {
    if (!isOpen.value) return;
    const close = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) isOpen.value = false;
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('focusin', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('focusin', close);
    };
  }, [isOpen.value]);

  const canPick = (entry: Entry) => !leafsOnly || entry.children?.length === 0;
  const toggle = (entry: Entry) => {
    const key = keyOf(entry.path);
    if (picked.has(key)) set(paths.filter((path) => keyOf(path) !== key));
    else if (!canPick(entry)) fold(entry);
    else if (paths.length < most) set([...paths, entry.path]);
    else editor.say(t('At most {count} can be chosen here.', { count: most }), 'problem');
  };
  const fold = (entry: Entry, on?: boolean) => {
    const key = keyOf(entry.path);
    const next = new Set(unfolded.value);
    if (on ?? !next.has(key)) next.add(key);
    else next.delete(key);
    if (entry.children === null) fetchBelow(entry);
    unfolded.value = next;
  };
  const go = (index: number) => {
    active.value = Math.max(0, Math.min(rows.length - 1, index));
    const element = list.current;
    if (!element) return;
    const at = active.value * ROW;
    if (at < element.scrollTop) element.scrollTop = at;
    else if (at + ROW > element.scrollTop + element.clientHeight) element.scrollTop = at + ROW - element.clientHeight;
  };
  const key = (event: KeyboardEvent) => {
    const entry = rows[active.value]?.entry;
    const atEdge = words.value === '';
    if (event.key === 'ArrowDown' && !isOpen.value) isOpen.value = true;
    else if (event.key === 'ArrowDown') go(active.value + 1);
    else if (event.key === 'ArrowUp') go(active.value - 1);
    else if (event.key === 'PageDown') go(active.value + 8);
    else if (event.key === 'PageUp') go(active.value - 8);
    else if (event.key === 'ArrowRight' && atEdge && entry) fold(entry, true);
    else if (event.key === 'ArrowLeft' && atEdge && entry) fold(entry, false);
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && isOpen.value && entry) {
      toggle(entry);
      words.value = '';
    } else if (event.key === 'Escape' && isOpen.value) isOpen.value = false;
    else if (event.key === 'Backspace' && atEdge && paths.length > 0) set(paths.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const first = Math.max(0, Math.floor(top.value / ROW) - 4);
  return (
    <Question node={node} editor={editor} class="tag-taxonomy">
      <div ref={box} class="taxonomy-box">
        <div class="taxonomy-picks">
          {paths.map((path) => {
            const titles = titlesOf(entries, path);
            const title = flag(node, 'showFullPath') ? titles.join(separator) : (titles.at(-1) ?? '');
            return (
              <button
                key={keyOf(path)}
                type="button"
                class="chip"
                disabled={readonly}
                title={titles.join(separator)}
                aria-label={t('Remove {name}', { name: title })}
                onClick={() => set(paths.filter((other) => other !== path))}
              >
                {title} <span aria-hidden="true">×</span>
              </button>
            );
          })}
          <input
            class="input"
            type="text"
            role="combobox"
            aria-expanded={isOpen.value}
            aria-controls={listId}
            aria-haspopup="tree"
            aria-activedescendant={isOpen.value && rows.length > 0 ? `${listId}-${active.value}` : undefined}
            aria-label={node.name}
            autoComplete="off"
            placeholder={attribute(node, 'placeholder') || t('Click to choose, type to search')}
            value={words.value}
            disabled={readonly}
            onClick={() => {
              isOpen.value = true;
            }}
            onInput={(event) => {
              words.value = event.currentTarget.value;
              isOpen.value = true;
              active.value = 0;
            }}
            onKeyDown={key}
          />
        </div>
        <div
          ref={list}
          id={listId}
          class="taxonomy-list"
          role="tree"
          aria-multiselectable="true"
          aria-label={node.name}
          hidden={!isOpen.value}
          onScroll={(event) => {
            top.value = event.currentTarget.scrollTop;
          }}
        >
          <div class="region-space" role="presentation" ref={(space) => space?.style.setProperty('height', `${rows.length * ROW}px`)}>
            {rows.slice(first, first + 24).map(({ entry, level, position, siblings }, offset) => {
              const index = first + offset;
              const has = entry.children === null || entry.children.length > 0;
              const isUnfolded =
                unfolded.value.has(keyOf(entry.path)) || (words.value.trim() !== '' && rows[index + 1] !== undefined && (rows[index + 1]?.level ?? 0) > level);
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys.
                <div
                  key={keyOf(entry.path)}
                  id={`${listId}-${index}`}
                  role="treeitem"
                  tabIndex={-1}
                  class={`taxonomy-row${index === active.value ? ' is-active' : ''}${canPick(entry) ? '' : ' is-branch'}`}
                  aria-level={level}
                  aria-posinset={position}
                  aria-setsize={siblings}
                  aria-selected={picked.has(keyOf(entry.path))}
                  aria-expanded={has ? isUnfolded : undefined}
                  title={entry.hint || undefined}
                  ref={(row) => {
                    if (!row) return;
                    row.style.top = `${index * ROW}px`;
                    row.style.paddingInlineStart = `${6 + (level - 1) * 18}px`;
                  }}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={(event) => {
                    active.value = index;
                    if (has && event.target instanceof Element && event.target.closest('.taxonomy-fold')) fold(entry);
                    else toggle(entry);
                  }}
                >
                  <span class="taxonomy-fold">{has && <Icon name={isUnfolded ? 'chevron-down' : 'chevron-right'} />}</span>
                  <span class={`taxonomy-check${picked.has(keyOf(entry.path)) ? ' is-on' : ''}`}>{picked.has(keyOf(entry.path)) && <Icon name="check" />}</span>
                  <span>{entry.title}</span>
                </div>
              );
            })}
          </div>
          {rows.length === 0 && <p class="hint panel-empty">{problem || t('Nothing found.')}</p>}
        </div>
      </div>
    </Question>
  );
}
