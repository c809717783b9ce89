/** Where a span of HTML is: paths to its text nodes with offsets in them, and offsets of the whole text (a `<br>` counts as one). All in code points. */
import type { OffsetIndex } from '../../core/offsets';
import type { TagNode } from '../../core/types';
import { keepsText, type MakeFormat } from '../../spans/format';
import type { NodeLayer } from '../../spans/node-layer';

const STEP = /^(text\(\)|[^[\]/]+)(?:\[(\d+)\])?$/;

/** What stands in place of an element that may not be shown says what that was. */
function nameOf(node: Node): string {
  return node.nodeType === Node.TEXT_NODE ? 'text()' : ((node as HTMLElement).dataset?.was ?? node.nodeName.toLowerCase());
}

/** `/div[1]/p[2]/text()[1]`: the way from `root` to a node, by the names of the elements. */
export function pathTo(node: Node, root: Node): string {
  let path = '';
  for (let at: Node | null = node; at && at !== root; at = at.parentNode) {
    const name = nameOf(at);
    let number = 1;
    for (let before = at.previousSibling; before; before = before.previousSibling) if (nameOf(before) === name) number += 1;
    path = `/${name}[${number}]${path}`;
  }
  return path;
}

/** The node at a path, or null. */
export function nodeAt(path: string, root: Node): Node | null {
  let at: Node = root;
  for (const step of path.split('/').filter(Boolean)) {
    const match = STEP.exec(step);
    if (!match) return null;
    const name = (match[1] as string).toLowerCase();
    let left = Number(match[2] ?? 1);
    let found: Node | null = null;
    for (let child = at.firstChild; child && !found; child = child.nextSibling) {
      if (nameOf(child) === name) left -= 1;
      if (left === 0) found = child;
    }
    if (!found) return null;
    at = found;
  }
  return at;
}

export function htmlFormat(object: TagNode): MakeFormat {
  return (shown, offsets: OffsetIndex) => {
    const layer = shown as NodeLayer;
    const position = (path: unknown, offset: unknown): number | null => {
      if (typeof path !== 'string' || typeof offset !== 'number') return null;
      const node = nodeAt(path, layer.root);
      const start = node && layer.position(node, 0);
      return start === null ? null : offsets.toUnits(offsets.toCodePoints(start) + offset);
    };
    const place = (at: number, side: 'start' | 'end'): [string, number] => {
      const index = layer.stretchAt(at, side);
      const stretch = layer.stretches[index];
      if (!stretch) return ['', 0];
      const start = layer.starts[index] as number;
      if (stretch.node) return [pathTo(stretch.node, layer.root), offsets.toCodePoints(at) - offsets.toCodePoints(start)];
      const line = stretch.at.node.childNodes[stretch.at.offset];
      return [line ? pathTo(line, layer.root) : '', at - start];
    };
    return {
      read(value) {
        const { start, end } = (value.globalOffsets ?? {}) as { start?: unknown; end?: unknown };
        const byOffsets = typeof start === 'number' && typeof end === 'number' ? { start: offsets.toUnits(start), end: offsets.toUnits(end) } : null;
        const [from, to] = [position(value.start, value.startOffset), position(value.end, value.endOffset)];
        if (from === null || to === null || to < from) return byOffsets;
        // Paths count where HTML was mended by one rule; the words tell when another browser mended it otherwise.
        const words = (found: { start: number; end: number }) => layer.text.slice(found.start, found.end) === value.text;
        return byOffsets && !words({ start: from, end: to }) && words(byOffsets) ? byOffsets : { start: from, end: to };
      },
      write(from, to) {
        const [start, startOffset] = place(from, 'start');
        const [end, endOffset] = place(to, 'end');
        return {
          start,
          end,
          startOffset,
          endOffset,
          globalOffsets: { start: offsets.toCodePoints(from), end: offsets.toCodePoints(to) },
          ...(keepsText(object) && { text: layer.text.slice(from, to) }),
        };
      },
    };
  };
}
