/**
 * Which lines of a long list are on screen. Browsers stop at about 16 million pixels of height, so that a longer list is scrolled in
 * a shorter one: the place is then a share of the whole, not a number of pixels.
 */
export const MOST_PIXELS = 12_000_000;

export interface Window {
  /** First line to draw, and the one after the last. */
  from: number;
  to: number;
  /** Where the first drawn line stands, in pixels from the top of the scrolled content. */
  top: number;
  /** Height of the scrolled content. */
  height: number;
}

export function windowOf(lines: number, lineHeight: number, scrollTop: number, viewHeight: number, spare = 6): Window {
  const full = lines * lineHeight;
  const height = Math.min(full, MOST_PIXELS);
  const shownLines = Math.ceil(viewHeight / lineHeight);
  if (height === full) {
    const from = Math.max(0, Math.floor(scrollTop / lineHeight) - spare);
    return { from, to: Math.min(lines, from + shownLines + 2 * spare + 1), top: from * lineHeight, height };
  }
  const share = Math.min(1, Math.max(0, scrollTop / Math.max(1, height - viewHeight)));
  const first = share * Math.max(0, lines - viewHeight / lineHeight);
  const from = Math.max(0, Math.floor(first) - spare);
  return { from, to: Math.min(lines, from + shownLines + 2 * spare + 1), top: scrollTop - (first - from) * lineHeight, height };
}

/** Where to scroll so that a line is on screen; null when it is already. */
export function scrollTo(line: number, lines: number, lineHeight: number, scrollTop: number, viewHeight: number): number | null {
  const full = lines * lineHeight;
  if (full > MOST_PIXELS) {
    const now = windowOf(lines, lineHeight, scrollTop, viewHeight, 0);
    if (line > now.from && line < now.to - 2) return null;
    return (Math.max(0, line - 2) / Math.max(1, lines - viewHeight / lineHeight)) * (MOST_PIXELS - viewHeight);
  }
  if (line * lineHeight < scrollTop) return line * lineHeight;
  if ((line + 1) * lineHeight > scrollTop + viewHeight) return (line + 1) * lineHeight - viewHeight;
  return null;
}
