/** One sentence at the edge of the window, read out by screen readers. Stays longer when it offers something to do. */
export function toast(sentence: string, kind: 'info' | 'error' = 'info', action?: { title: string; run: () => void }): void {
  const place = document.querySelector('#toasts');
  if (!place) return;
  const shown = document.createElement('p');
  shown.className = `toast toast-${kind}`;
  shown.textContent = sentence;
  if (action) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button-small';
    button.textContent = action.title;
    button.addEventListener('click', () => {
      shown.remove();
      action.run();
    });
    shown.append(button);
  }
  place.append(shown);
  window.setTimeout(() => shown.remove(), action ? 12_000 : 6_000);
}
