/**
 * Signing in with another server's account from inside another site's frame. The browser keeps the frame's cookies apart from a window's, so
 * the button opens a window, and the window hands back a code that is good once; the frame posts it for a session of its own.
 */
interface Handover {
  labelspaceSignIn: string;
}

const isHandover = (data: unknown): data is Handover =>
  typeof data === 'object' && data !== null && typeof (data as Partial<Handover>).labelspaceSignIn === 'string';

/** In the frame: the button opens a window, whose answer goes into the form. */
export function openWindows(button: HTMLAnchorElement, form: HTMLFormElement): void {
  const address = new URL(button.href);
  address.searchParams.set('for', 'window');
  button.href = address.href;
  button.target = '_blank';
  button.rel = 'opener';
  window.addEventListener('message', (event) => {
    const code = form.elements.namedItem('code');
    if (event.origin !== location.origin || !isHandover(event.data) || !(code instanceof HTMLInputElement)) return;
    code.value = event.data.labelspaceSignIn;
    form.submit();
  });
}

/** In the window: hand the code to the frame that opened it, if it can still be reached, and go. */
export function handOver(code: string): void {
  const opener: unknown = window.opener;
  if (!opener) return;
  (opener as Window).postMessage({ labelspaceSignIn: code } satisfies Handover, location.origin);
  window.close();
}
