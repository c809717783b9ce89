/** A text on screen that can be marked: pointer, keyboard and touch make spans, select them and move their ends. */
import { effect } from '@preact/signals-core';
import { attribute } from '../core/node';
import { t } from '../core/text';
import type { Editor, TagNode } from '../core/types';
import { registerAnchors } from '../ui/anchors';
import { moveCaret } from './caret';
import type { MakeFormat } from './format';
import type { ShownPiece, SpanLayer } from './layer';
import type { Marker } from './marker';
import { SpanOverlay } from './overlay';
import { registerText } from './sources';
import { SpanBoard } from './span-board';

export interface SurfaceOptions {
  editor: Editor;
  node: TagNode;
  marker: Marker;
  /** What the overlay is laid over, in the page. */
  host: HTMLElement;
  layer: (onVisible: (pieces: readonly ShownPiece[]) => void) => SpanLayer;
  format: MakeFormat;
  /** Whether something can be marked here. */
  selectable: boolean;
  /** Called for a click that selects nothing. */
  onPlainClick?: (event: MouseEvent, position: number) => void;
}

export class SpanSurface {
  readonly board: SpanBoard;
  private readonly overlay: SpanOverlay;
  private readonly page: Document;
  private readonly ends = new AbortController();
  private readonly stops: (() => void)[] = [];
  private due: ReturnType<typeof setTimeout> | undefined;
  private still: ReturnType<typeof setTimeout> | undefined;
  private touching = false;

  constructor(private readonly options: SurfaceOptions) {
    const { editor, node, marker, host, selectable } = options;
    this.board = new SpanBoard(options.layer, options.format, node.name, editor, (pieces) => this.overlay?.painted(pieces));
    const { layer } = this.board;
    this.page = layer.root.ownerDocument;
    const showNames = attribute(node, 'showLabels').toLowerCase() !== 'false';
    this.overlay = new SpanOverlay(host, this.board, editor, showNames, (id, edge, x, y) => this.drag(id, edge, x, y));
    this.overlay.painted(layer.pieces);
    this.stops.push(
      registerText(editor, node.name, this.board),
      registerAnchors(
        editor,
        node.name,
        (id) => this.board.ends(id)?.first ?? null,
        (id) => layer.pieces[layer.touched(this.board.spans.get(id)?.start ?? 0, 0)[0]?.index ?? 0]?.element ?? null,
      ),
      effect(() => this.labelPending(editor.activeLabels.value, marker)),
    );
    this.listen(layer.root, selectable);
    this.stops.push(
      editor.actions.register(
        {
          id: `text:find:${node.key}`,
          title: t('Find in the text'),
          group: t('Text'),
          keys: ['ctrl+f'],
          when: () => this.isCurrent(),
          run: () => void import('./find').then(({ openFind }) => openFind({ editor, board: this.board, node, marker, host })),
        },
        {
          id: `text:same:${node.key}`,
          title: t('Label all the same words'),
          group: t('Text'),
          keys: ['alt+shift+s'],
          when: () => !editor.readonly.peek() && [...editor.selection.peek()].some((id) => this.board.spans.has(id)),
          run: () => {
            // Keys that come while the code is fetched may select something else.
            const chosen = [...editor.selection.peek()];
            void import('./find').then(({ labelSame }) => labelSame(editor, this.board, node, chosen));
          },
        },
      ),
    );
  }

  /** Of several texts the one that has the focus; the first while none has it. */
  private isCurrent(): boolean {
    const texts = [...document.querySelectorAll('.tag-text')];
    return (texts.find((text) => text.contains(document.activeElement)) ?? texts[0]) === this.options.host;
  }

  /** A label that is chosen while a selection waits goes to it, and does not stay active. */
  private labelPending(active: ReadonlyMap<string, readonly string[]>, marker: Marker): void {
    const waiting = marker.pending.peek();
    const control = marker.activeControl();
    const stored = control ? active.get(control.name)?.[0] : undefined;
    if (!waiting || !control || stored === undefined) return;
    queueMicrotask(() => {
      marker.label(control, stored);
      this.options.editor.clearLabels();
      this.page.getSelection()?.removeAllRanges();
    });
  }

  private listen(root: HTMLElement, selectable: boolean): void {
    const { signal } = this.ends;
    const { editor, node } = this.options;
    root.addEventListener('click', (event) => this.click(event), { signal });
    root.addEventListener('pointermove', (event) => this.hover(event), { signal });
    root.addEventListener(
      'pointerleave',
      () => {
        editor.hovered.value = null;
      },
      { signal },
    );
    if (!selectable) return;
    root.tabIndex = 0;
    root.setAttribute('role', 'textbox');
    root.setAttribute('aria-readonly', 'true');
    root.setAttribute('aria-multiline', 'true');
    root.setAttribute('aria-label', t('Text {name}. Arrow keys move, Shift selects, Enter labels.', { name: node.name }));
    root.addEventListener('mouseup', (event) => event.button === 0 && this.takeSoon(), { signal });
    root.addEventListener('keydown', (event) => this.key(event), { signal });
    root.addEventListener('blur', () => this.overlay.showCaret(null), { signal });
    // Words typed right after Ctrl+F must not be taken for keys of labels.
    document.addEventListener('keydown', () => void import('./find'), { once: true, signal });
    // What a selection is to become is decided before the next key does anything.
    for (const page of new Set([this.page, document])) page.addEventListener('keydown', () => this.takeDue(), { capture: true, signal });
    // On touch screens the selection grows by its own handles: it is taken when it has been still for a moment.
    this.page.addEventListener(
      'pointerdown',
      (event) => {
        this.touching = event.pointerType === 'touch';
      },
      { capture: true, signal },
    );
    this.page.addEventListener(
      'selectionchange',
      () => {
        clearTimeout(this.still);
        if (this.touching) this.still = setTimeout(() => this.take(), 600);
      },
      { signal },
    );
  }

  private key(event: KeyboardEvent): void {
    if (event.target !== this.board.layer.root) return;
    if (moveCaret(event, this.board.layer, () => this.take())) event.preventDefault();
    const current = this.page.getSelection();
    this.overlay.showCaret(current?.isCollapsed && current.rangeCount ? current.getRangeAt(0) : null);
  }

  /** What is selected of this text. */
  selection(): [number, number] | null {
    const current = this.page.getSelection();
    const { layer } = this.board;
    if (!current || current.isCollapsed || current.rangeCount === 0) return null;
    const range = current.getRangeAt(0);
    if (!layer.root.contains(range.startContainer) && !layer.root.contains(range.endContainer)) return null;
    const from = layer.position(range.startContainer, range.startOffset) ?? 0;
    const to = layer.position(range.endContainer, range.endOffset) ?? layer.text.length;
    return from < to ? [from, to] : null;
  }

  private take(): void {
    const selected = this.selection();
    if (selected && this.options.marker.take(selected[0], selected[1])) this.page.getSelection()?.removeAllRanges();
  }

  /** A press inside a selection collapses it only after the pointer is up, so it is taken a moment later; a key that comes sooner waits for it. */
  private takeSoon(): void {
    clearTimeout(this.due);
    this.due = setTimeout(() => this.takeDue());
  }

  private takeDue(): void {
    if (this.due === undefined) return;
    clearTimeout(this.due);
    this.due = undefined;
    this.take();
  }

  /** The position under an event of the text's own document. */
  private at(event: MouseEvent): number | null {
    const origin = this.board.layer.toWindow(new DOMRect(event.clientX, event.clientY, 0, 0));
    return this.board.layer.positionAt(origin.x, origin.y);
  }

  private click(event: MouseEvent): void {
    const { editor, marker, onPlainClick } = this.options;
    if (this.selection()) return;
    marker.pending.value = null;
    const at = this.at(event);
    if (at === null) return;
    const ids = this.board.at(at);
    const held = editor.selection.peek();
    if (ids.length > 0) {
      // Another click at the same place goes to the next span that lies there.
      const current = ids.findIndex((id) => held.has(id));
      editor.select([ids[(current + 1) % ids.length] as string], event.ctrlKey || event.metaKey ? 'toggle' : 'replace');
      return;
    }
    if (held.size > 0) editor.select([]);
    onPlainClick?.(event, at);
  }

  private hover(event: PointerEvent): void {
    if (event.buttons !== 0 || event.pointerType === 'touch') return;
    const at = this.at(event);
    const found = at === null ? null : (this.board.at(at)[0] ?? null);
    const { hovered } = this.options.editor;
    if (hovered.peek() !== found) hovered.value = found;
  }

  private drag(id: string, edge: 'start' | 'end', x: number, y: number): void {
    const at = this.board.layer.positionAt(x, y);
    const span = this.board.spans.get(id);
    if (at === null || !span) return;
    const from = edge === 'start' ? Math.min(at, span.end - 1) : span.start;
    const to = edge === 'end' ? Math.max(at, span.start + 1) : span.end;
    this.options.editor.updateRegion(id, this.board.format.write(from, to), { label: t('Resize'), merge: `resize ${id} ${edge}` });
  }

  /** To be called when the text moved under what is laid over it. */
  moved(): void {
    this.overlay.later();
  }

  destroy(): void {
    this.ends.abort();
    clearTimeout(this.due);
    clearTimeout(this.still);
    for (const stop of this.stops) stop();
    this.overlay.destroy();
    this.board.destroy();
  }
}
