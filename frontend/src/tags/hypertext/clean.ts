/**
 * A task's HTML made harmless for the editor. What may not be shown is replaced by an empty element rather than removed, so that the paths to
 * everything else stay as they are in the task.
 */
import DOMPurify from 'dompurify';

export interface CleanHtml {
  /** Holds the content; belongs to a document without a window until it is adopted. */
  body: HTMLElement;
  /** Rules of its style elements. */
  css: string;
  /** Inline style by element: the page's policy lets scripts set it, but not markup. */
  styles: readonly (readonly [HTMLElement, string])[];
  /** It has colours of its own, which suppose paper. */
  isColored: boolean;
}

const EMPTIED =
  'script,iframe,object,embed,applet,frame,frameset,link,meta,base,noscript,template,title,animate,animatetransform,animatemotion,set,use,foreignobject,annotation-editor';
const STUB = 'removed-element';

function replace(element: Element, was: string, { content, hidden }: { content: boolean; hidden: boolean }): void {
  const stub = element.ownerDocument.createElement(STUB);
  stub.dataset.was = was;
  stub.hidden = hidden;
  if (content) stub.append(...element.childNodes);
  element.replaceWith(stub);
}

const TAG = /<[a-z][^\s/>]*(?:"[^"]*"|'[^']*'|[^'">])*>/gi;

/**
 * Event handlers, inline styles and style sheets under another name: merely reading them would be a breach of the page's policy that the browser
 * reports. A script of another type stands wherever a style sheet may, and its text is read the same way.
 */
function withoutInline(html: string): string {
  const sheets = html.replace(/<style(?=[\s>/])/gi, '<script type="text/plain" data-off-sheet').replace(/<\/style(?=[\s>/])/gi, '</script');
  return sheets.replace(TAG, (tag) => tag.replace(/([\s"'/])(on\w+|style)(\s*=)/gi, '$1data-off-$2$3'));
}

/** `whole`: as a page of its own, the way a frame would read it; else as a part of a page. */
export function cleanHtml(source: string, whole: boolean): CleanHtml {
  const html = withoutInline(source);
  const page = whole ? new DOMParser().parseFromString(html, 'text/html') : document.implementation.createHTMLDocument();
  if (!whole) page.body.innerHTML = html;
  const { body } = page;
  const css: string[] = [];
  for (const sheet of page.querySelectorAll('[data-off-sheet]')) css.push(sheet.textContent ?? '');
  const gone = EMPTIED.split(',');
  for (const element of [...body.querySelectorAll('*')]) {
    const name = element.localName.toLowerCase();
    // The text of a style sheet keeps its place in the count of characters.
    if (element.hasAttribute('data-off-sheet')) replace(element, 'style', { content: true, hidden: true });
    else if (gone.includes(name)) replace(element, name, { content: false, hidden: true });
    else if (name === 'form') replace(element, name, { content: true, hidden: false });
    else if (/^(?:input|button|textarea|select)$/.test(name)) element.setAttribute('disabled', '');
  }
  const box = page.createElement('div');
  for (const name of ['class', 'data-off-style', 'dir', 'lang', 'bgcolor']) if (body.hasAttribute(name)) box.setAttribute(name, body.getAttribute(name) ?? '');
  box.append(...body.childNodes);
  const clean = DOMPurify.sanitize(box, {
    IN_PLACE: true,
    ADD_TAGS: (name: string) => !gone.includes(name) && name !== 'form' && name !== 'style',
    FORBID_ATTR: ['style', 'autofocus', 'contenteditable', 'tabindex', 'target'],
  }) as HTMLElement;
  const styles: (readonly [HTMLElement, string])[] = [];
  for (const element of [clean, ...clean.querySelectorAll<HTMLElement>('[data-off-style]')]) {
    const style = element.getAttribute('data-off-style');
    if (style === null) continue;
    element.removeAttribute('data-off-style');
    styles.push([element, style]);
  }
  const isColored =
    /color|background/i.test(css.join()) ||
    styles.some(([, style]) => /color|background/i.test(style)) ||
    clean.querySelector('[bgcolor],[color],font') !== null;
  return { body: clean, css: css.join('\n'), styles, isColored };
}

/** Puts inline styles on, once the elements stand in the page. */
export function applyStyles({ styles }: CleanHtml): void {
  for (const [element, style] of styles) element.style.cssText = style.replace(/position\s*:\s*(?:fixed|sticky)/gi, 'position:relative');
}
