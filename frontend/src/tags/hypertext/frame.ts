/** The frame that HTML of a task is shown in: no scripts, no forms, as high as its content. */

const SHEET = `
  :root { font: 16px/1.6 system-ui, sans-serif; overflow-y: hidden; }
  body { margin: 0; padding: 8px 12px; min-height: 40px; overflow-wrap: anywhere; outline: none; cursor: text; }
  body.has-span-names { padding-top: 18px; line-height: 2.1; }
  img, video, svg, table { max-width: 100%; }
  img { height: auto; }
  removed-element[hidden] { display: none; }
`;

/** What is marked looks as it does in the page; colours of the page are read when the frame is made. */
function looks(): string {
  const page = getComputedStyle(document.documentElement);
  const names = ['--span-fill', '--span-selected', '--span-selected-line', '--span-hovered'];
  return `:root { ${names.map((name) => `${name}: ${page.getPropertyValue(name)};`).join(' ')} }`;
}

export function fillFrame(frame: HTMLIFrameElement, content: HTMLElement, css: string, isPaper: boolean): HTMLElement {
  const page = frame.contentDocument as Document;
  const view = frame.contentWindow as Window & typeof globalThis;
  const sheets = [SHEET, looks(), css].map((rules) => {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(rules);
    return sheet;
  });
  page.adoptedStyleSheets = sheets;
  page.documentElement.lang = document.documentElement.lang;
  // HTML with colours of its own supposes white paper; other HTML follows the theme.
  const scheme = isPaper ? 'light' : getComputedStyle(document.documentElement).colorScheme;
  page.documentElement.style.colorScheme = scheme;
  frame.style.colorScheme = scheme;
  const { body } = page;
  for (const { name, value } of content.attributes) body.setAttribute(name, value);
  body.replaceChildren(...content.childNodes);
  return body;
}

/** Keeps the frame as high as its content; returns the function that ends it. */
export function fitFrame(frame: HTMLIFrameElement, onFit: () => void): () => void {
  const page = frame.contentDocument as Document;
  const adjust = () => {
    const height = Math.ceil(page.body.getBoundingClientRect().height + page.documentElement.scrollTop) + scrollbar();
    if (frame.style.height !== `${height}px`) frame.style.height = `${height}px`;
    onFit();
  };
  const scrollbar = () => (page.documentElement.scrollWidth > page.documentElement.clientWidth ? 16 : 0);
  const observer = new ResizeObserver(adjust);
  observer.observe(page.body);
  page.addEventListener('scroll', onFit);
  adjust();
  return () => {
    observer.disconnect();
    page.removeEventListener('scroll', onFit);
  };
}

/** Keys pressed inside the frame do what they do in the page. */
export function passKeys(frame: HTMLIFrameElement): () => void {
  const pass = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    if (!frame.dispatchEvent(new KeyboardEvent(event.type, event))) event.preventDefault();
  };
  const page = frame.contentDocument as Document;
  page.addEventListener('keydown', pass);
  return () => page.removeEventListener('keydown', pass);
}
