/** Finding words in a text, going from place to place, and labelling all of them at once. Fetched when it is asked for. */
import { regionId } from '../core/ids';
import { newRegionRows } from '../core/marking';
import { rowLabels } from '../core/region';
import { plural, t } from '../core/text';
import type { Editor, TagNode } from '../core/types';
import { scrollIntoReach } from './caret';
import type { Marker } from './marker';
import { windowOf } from './painter';
import type { SpanBoard } from './span-board';
import './find.css';

/** More at once would be a slip of the hand. */
const MOST = 5000;

type Labels = ReadonlyMap<string, readonly string[]>;

const isLetter = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}\p{M}_]/u.test(character);

/** Where `words` stand in `text`, without overlap; with `whole` only where no letter goes on before or after them. */
export function placesOf(text: string, words: string, options: { matchCase: boolean; whole: boolean }): number[] {
  if (words === '') return [];
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found: number[] = [];
  for (const match of text.matchAll(new RegExp(escaped, options.matchCase ? 'gu' : 'giu'))) {
    const end = match.index + match[0].length;
    if (options.whole && ((isLetter(match[0][0]) && isLetter(text[match.index - 1])) || (isLetter(match[0].at(-1)) && isLetter(text[end])))) continue;
    found.push(match.index);
    if (found.length >= MOST) break;
  }
  return found;
}

/** Marks every place that is not marked so yet, as one step of undo. Answers how many there were. */
export function markPlaces(
  editor: Editor,
  board: SpanBoard,
  object: TagNode,
  control: TagNode,
  labels: Labels,
  places: readonly number[],
  length: number,
): number {
  const stored = labels.get(control.name) ?? [];
  const taken = new Set<number>();
  for (const region of editor.regions.list(object.name)) {
    const span = board.spans.get(region.id);
    if (span && span.end - span.start === length && region.control === control.name && stored.every((label) => region.labels.includes(label)))
      taken.add(span.start);
  }
  let free = places.filter((place) => !taken.has(place));
  for (const label of stored) {
    const info = editor.label(control.name, label);
    if (!info || info.maxUsages === Number.POSITIVE_INFINITY) continue;
    const used = editor.regions.list().filter((region) => region.control === control.name && region.labels.includes(label)).length;
    free = free.slice(0, Math.max(0, info.maxUsages - used));
  }
  const others = editor.controlsFor(object.name);
  const rows = free.flatMap((place) => {
    const value = board.format.write(place, place + length);
    return newRegionRows(control, others, regionId(), { control: control.name, object: object.name, value }, labels);
  });
  if (rows.length) {
    editor.commit(
      t('Label all the same words'),
      rows.map((row) => ({ row })),
    );
  }
  editor.say(plural(free.length, '{count} more place is labelled.', '{count} more places are labelled.'));
  return free.length;
}

/** Gives every place with the words of these spans the labels that they have. */
export function labelSame(editor: Editor, board: SpanBoard, object: TagNode, ids: readonly string[]): void {
  for (const id of ids) {
    const region = editor.regions.get(id);
    const span = board.spans.get(id);
    const control = region && editor.nodes.get(region.control);
    if (!region || !span || !control) continue;
    const { text } = board.layer;
    const labels = new Map(region.rows.map((row) => [row.from_name ?? '', rowLabels(row)] as const).filter(([, stored]) => stored.length > 0));
    const isWhole = !isLetter(text[span.start - 1]) && !isLetter(text[span.end]);
    const places = placesOf(text, text.slice(span.start, span.end), { matchCase: true, whole: isWhole });
    markPlaces(editor, board, object, control, labels, places, span.end - span.start);
  }
}

interface Place {
  editor: Editor;
  board: SpanBoard;
  node: TagNode;
  marker: Marker;
  host: HTMLElement;
}

function button(text: string, label: string, press: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'button button-small';
  made.textContent = text;
  made.setAttribute('aria-label', label);
  made.addEventListener('click', press);
  return made;
}

/** Opens the field above the text, or moves to it when it is open. */
export function openFind({ editor, board, node, marker, host }: Place): void {
  const open = host.querySelector<HTMLInputElement>('.find-bar input');
  if (open) {
    open.select();
    return;
  }
  const { layer } = board;
  const view = windowOf(layer);
  const canHighlight = 'highlights' in view.CSS;
  const bar = document.createElement('div');
  bar.className = 'find-bar';
  bar.setAttribute('role', 'search');
  const field = document.createElement('input');
  field.type = 'search';
  field.className = 'input';
  field.placeholder = t('Find in the text');
  field.setAttribute('aria-label', t('Find in the text'));
  const count = document.createElement('span');
  count.className = 'hint';
  count.setAttribute('aria-live', 'polite');
  let places: number[] = [];
  let at = 0;

  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync('::highlight(text-find){background-color:#ffe08a;color:#222}::highlight(text-found){background-color:#ff9d2e;color:#111}');
  view.document.adoptedStyleSheets = [...view.document.adoptedStyleSheets, sheet];
  const length = () => field.value.length;
  const show = () => {
    count.textContent = field.value === '' ? '' : places.length ? t('{place} of {places}', { place: at + 1, places: places.length }) : t('Nothing found.');
    const current = places[at];
    const found = current === undefined ? null : layer.range(current, current + length());
    if (canHighlight) {
      const ranges = places.map((place) => layer.range(place, place + length())).filter((range) => range !== null);
      view.CSS.highlights.set('text-find', Object.assign(new view.Highlight(...ranges), { priority: 1001 }));
      view.CSS.highlights.set('text-found', Object.assign(new view.Highlight(...(found ? [found] : [])), { priority: 1002 }));
    }
    if (found) {
      found.startContainer.parentElement?.scrollIntoView({ block: 'nearest' });
      scrollIntoReach(layer, layer.toWindow(found.getBoundingClientRect()));
    }
  };
  const search = () => {
    places = placesOf(layer.reading, field.value, { matchCase: false, whole: false });
    at = 0;
    show();
  };
  const step = (by: number) => {
    if (places.length) at = (at + by + places.length) % places.length;
    show();
  };
  const close = () => {
    if (canHighlight) for (const name of ['text-find', 'text-found']) view.CSS.highlights.delete(name);
    view.document.adoptedStyleSheets = view.document.adoptedStyleSheets.filter((other) => other !== sheet);
    bar.remove();
    layer.root.focus({ preventScroll: true });
  };
  const labelAll = () => {
    const control = marker.activeControl();
    if (!control) editor.say(t('Choose a label first.'), 'problem');
    else if (places.length) markPlaces(editor, board, node, control, editor.activeLabels.peek(), places, length());
  };
  field.addEventListener('input', search);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  bar.append(
    field,
    count,
    button('↑', t('Previous place'), () => step(-1)),
    button('↓', t('Next place'), () => step(1)),
  );
  if (marker.controls().length && !editor.readonly.peek()) bar.append(button(t('Label all'), t('Label all'), labelAll));
  bar.append(button('×', t('Close'), close));
  host.prepend(bar);
  field.focus();
}
