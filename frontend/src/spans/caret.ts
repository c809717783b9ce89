/** Moving and selecting in a text that is not editable, by keyboard alone. */
import type { SpanLayer } from './layer';

type Move = [direction: 'forward' | 'backward', unit: 'character' | 'word' | 'line' | 'lineboundary' | 'documentboundary'];

function moveOf(event: KeyboardEvent): Move | null {
  const mod = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case 'ArrowRight':
      return ['forward', mod ? 'word' : 'character'];
    case 'ArrowLeft':
      return ['backward', mod ? 'word' : 'character'];
    case 'ArrowDown':
      return ['forward', 'line'];
    case 'ArrowUp':
      return ['backward', 'line'];
    case 'End':
      return ['forward', 'lineboundary'];
    case 'Home':
      return ['backward', 'lineboundary'];
    default:
      return null;
  }
}

/** Handles one key; true when it was used. Enter takes what is selected. */
export function moveCaret(event: KeyboardEvent, layer: SpanLayer, take: () => void): boolean {
  if (event.altKey) return false;
  const page = layer.root.ownerDocument;
  const selection = page.getSelection();
  if (!selection) return false;
  if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
    if (selection.isCollapsed) return false;
    take();
    return true;
  }
  const move = moveOf(event);
  if (!move) return false;
  if (!selection.anchorNode || layer.position(selection.anchorNode, selection.anchorOffset) === null) {
    const start = layer.point(0);
    if (!start) return false;
    selection.collapse(start.node, start.offset);
  }
  selection.modify(event.shiftKey ? 'extend' : 'move', move[0], move[1]);
  const focus = selection.focusNode;
  // The caret never leaves the text.
  if (focus && !layer.root.contains(focus)) {
    const end = layer.point(move[0] === 'forward' ? layer.text.length : 0, move[0] === 'forward' ? 'end' : 'start');
    if (end && event.shiftKey) selection.extend(end.node, end.offset);
    else if (end) selection.collapse(end.node, end.offset);
  }
  if (!selection.focusNode) return true;
  const range = page.createRange();
  range.setStart(selection.focusNode, selection.focusOffset);
  scrollIntoReach(layer, layer.toWindow(range.getBoundingClientRect()));
  return true;
}

/** Scrolls what holds the text so that a box of it is in reach of the eye. */
export function scrollIntoReach(layer: SpanLayer, box: DOMRect): void {
  if (box.height === 0 || (box.top >= 120 && box.bottom <= innerHeight - 80)) return;
  let scroller: Element | null = layer.root.ownerDocument.defaultView?.frameElement ?? layer.root;
  while (scroller && !(scroller.scrollHeight > scroller.clientHeight && /auto|scroll/.test(getComputedStyle(scroller).overflowY)))
    scroller = scroller.parentElement;
  scroller?.scrollBy({ top: box.top < 120 ? box.top - 160 : box.bottom - innerHeight + 140 });
}
