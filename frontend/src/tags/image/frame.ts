/**
 * The stage's height: all the room that the rest of the task leaves, known before the image has loaded so that nothing jumps.
 */

const PROBE = 4000;
const LEAST = 320;
const LEAST_SHARE = 0.5;

function scroller(element: HTMLElement): Element {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return document.documentElement;
}

/**
 * Gives `element` the height at which its scrolling ancestor just does not scroll, at least half of what that shows.
 * `reserve` (pixels) stays free for what appears below later.
 */
export function fillHeight(element: HTMLElement, reserve: number): void {
  const around = scroller(element);
  const scrolled = around.scrollTop;
  element.style.height = `${PROBE}px`;
  const overflow = around.scrollHeight - around.clientHeight;
  const least = Math.max(Math.min(LEAST, around.clientHeight * 0.8), around.clientHeight * LEAST_SHARE);
  element.style.height = `${Math.max(least, PROBE - overflow - reserve)}px`;
  around.scrollTop = scrolled;
}
