/** The head of the project's pages: its name, and how far it is. */

/** Reads it anew, after something has changed how many tasks there are or are done. */
export async function refreshProjectHead(): Promise<void> {
  const answer = await fetch(window.location.pathname, { headers: { Accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok) return; // without a connection it stays as it was
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const now = page.querySelector('.project-title');
  if (now) document.querySelector('.project-title')?.replaceWith(document.adoptNode(now));
}
