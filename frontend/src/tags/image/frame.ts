/**
 * The stage's size: what the config asks for, otherwise all the room that the rest of the task leaves; known before the image has
 * loaded, so that nothing jumps.
 */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { flag, isInPanel } from '../../core/node';
import type { Editor, TagNode } from '../../core/types';

const PROBE = 4000;
const LEAST = 320;
const LEAST_SHARE = 0.5;
/** What one question about a region takes, and the most that is kept free for all of them. */
const QUESTION = 96;
const QUESTIONS = 240;

function scroller(element: HTMLElement): Element {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return document.documentElement;
}

/** Room for the questions that appear when a region is selected. */
function roomForQuestions(editor: Editor, object: string): number {
  const asked = editor.controlsFor(object).filter((control) => flag(control, 'perRegion') && !isInPanel(control));
  return Math.min(QUESTIONS, asked.length * QUESTION);
}

/**
 * Gives `element` the height at which its scrolling ancestor just does not scroll, at least half of what that shows.
 * `reserve` (pixels) stays free for what appears below later.
 */
function fillHeight(element: HTMLElement, reserve: number): void {
  const around = scroller(element);
  const scrolled = around.scrollTop;
  element.style.height = `${PROBE}px`;
  const overflow = around.scrollHeight - around.clientHeight;
  const least = Math.max(Math.min(LEAST, around.clientHeight * 0.8), around.clientHeight * LEAST_SHARE);
  element.style.height = `${Math.max(least, PROBE - overflow - reserve)}px`;
  around.scrollTop = scrolled;
}

const length = (value: string | undefined) => (value && /^\d+(\.\d+)?$/.test(value) ? `${value}px` : (value ?? ''));

/** Sizes the element of `ref`, and again when the window changes. */
export function useFrame(ref: RefObject<HTMLElement | null>, node: TagNode, editor: Editor): void {
  const { width, height, maxWidth, maxHeight } = node.attributes;
  const isFixed = Boolean(height) && height !== 'auto' && !height?.endsWith('%');
  const fill = () => {
    if (ref.current && !isFixed) fillHeight(ref.current, roomForQuestions(editor, node.name));
  };
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    Object.assign(element.style, { width: length(width), height: isFixed ? length(height) : '', maxWidth: length(maxWidth), maxHeight: length(maxHeight) });
    fill();
    window.addEventListener('resize', fill);
    return () => window.removeEventListener('resize', fill);
  }, [node]);
  useEffect(() => {
    // The config's own styles are put on the boxes around this in effects that run after this one.
    const later = setTimeout(fill);
    return () => clearTimeout(later);
  }, [node]);
}
