/** Relations drawn over the task: an arrow between the boxes of two regions, while both are on screen. */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Relation, relationsOf } from '../core/relations';
import type { Editor } from '../core/types';
import { regionBox } from './anchors';

const SVG = 'http://www.w3.org/2000/svg';
const MOST = 300;

function element<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string | number>): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** An arc from the top of one box to the top of the other; the tip of the arrow points down on the box. */
function arc(from: DOMRect, to: DOMRect, origin: DOMRect): { path: string; middle: [number, number] } {
  const x1 = from.left + from.width / 2 - origin.left;
  const x2 = to.left + to.width / 2 - origin.left;
  const y1 = from.top - origin.top - 2;
  const y2 = to.top - origin.top - 2;
  const lift = Math.min(48, 14 + Math.abs(x2 - x1) / 8 + Math.abs(y2 - y1) / 8);
  const top = Math.min(y1, y2) - lift;
  return { path: `M${x1} ${y1}C${x1} ${top} ${x2} ${top} ${x2} ${y2}`, middle: [(x1 + x2) / 2, (y1 + y2) / 8 + (top * 3) / 4] };
}

function head(x: number, y: number): SVGPathElement {
  return element('path', { d: `M${x - 4} ${y - 7}L${x} ${y}L${x + 4} ${y - 7}`, class: 'relation-head' });
}

function draw(svg: SVGSVGElement, editor: Editor, relations: readonly Relation[]): void {
  const origin = svg.getBoundingClientRect();
  const parts: Element[] = [];
  for (const relation of relations.slice(0, MOST)) {
    const from = regionBox(editor, relation.from);
    const to = regionBox(editor, relation.to);
    if (!from || !to || editor.isHidden(relation.from) || editor.isHidden(relation.to)) continue;
    const { path, middle } = arc(from, to, origin);
    const lit = [relation.from, relation.to].some((id) => editor.selection.peek().has(id) || editor.hovered.peek() === id);
    const group = element('g', { class: `relation-line${lit ? ' is-lit' : ''}` });
    group.append(element('path', { d: path, class: 'relation-arc' }));
    if (relation.direction !== 'left') group.append(head(to.left + to.width / 2 - origin.left, to.top - origin.top - 2));
    if (relation.direction !== 'right') group.append(head(from.left + from.width / 2 - origin.left, from.top - origin.top - 2));
    if (relation.labels.length > 0) {
      const text = element('text', { x: middle[0], y: middle[1] - 3, 'text-anchor': 'middle', class: 'relation-text' });
      text.textContent = relation.labels.join(', ');
      group.append(text);
    }
    parts.push(group);
  }
  svg.replaceChildren(...parts);
}

export function RelationLines({ editor }: { editor: Editor }) {
  const svg = useRef<SVGSVGElement>(null);
  const frame = useRef(0);
  const later = () => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      const relations = relationsOf(editor);
      if (svg.current && (relations.length > 0 || svg.current.childElementCount > 0)) draw(svg.current, editor, relations);
    });
  };
  useSignalEffect(() => {
    void editor.regions.revision.value;
    void editor.selection.value;
    void editor.hovered.value;
    void editor.hidden.value;
    later();
  });
  useEffect(() => {
    const area = svg.current?.parentElement;
    if (!area) return;
    const observer = new ResizeObserver(later);
    observer.observe(area);
    area.addEventListener('scroll', later, { passive: true, capture: true });
    return () => {
      observer.disconnect();
      area.removeEventListener('scroll', later, { capture: true });
      cancelAnimationFrame(frame.current);
    };
  }, [editor]);
  return <svg ref={svg} class="relation-lines" aria-hidden="true" />;
}
