/** Inline CSS of a config, put on an element through the style object: the page's policy allows no style attributes. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Declarations that would let a config cover the page around the task. */
const REFUSED = /^\s*(position)\s*:\s*(fixed|sticky)/i;

/** Applies `css` (`color: red; margin: 4px`) to the element of the returned ref. */
export function useConfigStyle<T extends HTMLElement>(css: string): RefObject<T | null> {
  const ref = useRef<T>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || !css) return;
    element.style.cssText = css
      .split(';')
      .filter((declaration) => !REFUSED.test(declaration))
      .join(';');
  }, [css]);
  return ref;
}
