/** Light or dark on this device; the server reads the cookie, so that a page never flashes in the wrong colours. */
export function switchTheme(): void {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  // biome-ignore lint/suspicious/noDocumentCookie: Firefox and Safari learnt the Cookie Store API only lately.
  document.cookie = `theme=${root.dataset.theme}; path=${root.dataset.root ?? '/'}; max-age=31536000; samesite=lax`;
}
