/** HTML of a config or project, cleaned: no scripts, no event handlers, no style attributes, no forms. */
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  html: string;
  block?: boolean;
}

let purify: Promise<(html: string) => DocumentFragment> | undefined;

/** The cleaner is loaded when HTML is first met: most configs have none. */
function cleaner(): Promise<(html: string) => DocumentFragment> {
  purify ??= import('dompurify').then(
    ({ default: DOMPurify }) =>
      (html: string) =>
        DOMPurify.sanitize(html, {
          RETURN_DOM_FRAGMENT: true,
          FORBID_TAGS: ['style', 'form', 'input', 'button', 'textarea', 'select', 'iframe', 'object', 'embed', 'link', 'meta', 'base'],
          FORBID_ATTR: ['style', 'id', 'name'],
        }),
  );
  return purify;
}

export function Rich({ html, block = false }: Props) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    let alive = true;
    void cleaner().then((clean) => {
      if (!alive || !ref.current) return;
      ref.current.replaceChildren(clean(html));
      for (const link of ref.current.querySelectorAll('a')) {
        link.target = '_blank';
        link.rel = 'noopener noreferrer';
      }
    });
    return () => {
      alive = false;
    };
  }, [html]);
  return block ? <div ref={ref as never} class="rich" /> : <span ref={ref as never} class="rich" />;
}
