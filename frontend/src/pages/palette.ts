/** The command palette: pages and commands that the server put into its list, and projects found as one types. */
import { fetchJson, place } from './http';
import { switchTheme } from './theme';

interface Found {
  results: { id: number; title: string }[];
}

/** Fills the open palette. `entered`: Enter was pressed before it was ready. */
export function showPalette(dialog: HTMLDialogElement, entered: boolean): void {
  const input = dialog.querySelector<HTMLInputElement>('input');
  const list = dialog.querySelector<HTMLUListElement>('[role="listbox"]');
  if (!input || !list) return;
  if (!dialog.dataset.ready) prepare(dialog, input, list);
  input.dispatchEvent(new Event('input'));
  if (entered) input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
}

function prepare(dialog: HTMLDialogElement, input: HTMLInputElement, list: HTMLUListElement): void {
  dialog.dataset.ready = 'yes';
  const fixed = [...list.querySelectorAll<HTMLElement>('[role="option"]')];
  let chosen = 0;
  let search = new AbortController();

  const options = () => [...list.querySelectorAll<HTMLElement>('[role="option"]:not([hidden])')];

  function choose(index: number): void {
    const all = options();
    chosen = all.length ? (index + all.length) % all.length : 0;
    all.forEach((option, at) => {
      option.id = `palette-${at}`;
      option.setAttribute('aria-selected', String(at === chosen));
      if (at === chosen) option.scrollIntoView({ block: 'nearest' });
    });
    input.setAttribute('aria-activedescendant', all.length ? `palette-${chosen}` : '');
  }

  function run(option: HTMLElement | undefined): void {
    if (!option) return;
    dialog.close();
    if (option.dataset.url) window.location.assign(option.dataset.url);
    if (option.dataset.command === 'theme') switchTheme();
  }

  async function narrow(): Promise<void> {
    search.abort();
    search = new AbortController();
    const words = input.value.trim().toLowerCase();
    for (const option of fixed) option.hidden = !(option.textContent ?? '').toLowerCase().includes(words);
    for (const old of list.querySelectorAll('.palette-project')) old.remove();
    choose(0);
    try {
      const query = new URLSearchParams({ title: words, include: 'id,title', page_size: '8' });
      const found = await fetchJson<Found>(place(`api/projects/?${query}`), { signal: search.signal });
      for (const old of list.querySelectorAll('.palette-project')) old.remove();
      list.append(...found.results.map(projectOption));
      choose(words && fixed.every((option) => option.hidden) ? 0 : chosen);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
    }
  }

  input.addEventListener('input', () => void narrow());
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') choose(chosen + 1);
    else if (event.key === 'ArrowUp') choose(chosen - 1);
    else if (event.key === 'Enter') run(options()[chosen]);
    else return;
    event.preventDefault();
  });
  list.addEventListener('click', (event) => {
    run(event.target instanceof Element ? (event.target.closest<HTMLElement>('[role="option"]') ?? undefined) : undefined);
  });
  dialog.addEventListener('close', () => {
    input.value = '';
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
}

function projectOption(project: { id: number; title: string }): HTMLLIElement {
  const option = document.createElement('li');
  option.className = 'palette-project';
  option.setAttribute('role', 'option');
  option.dataset.url = place(`projects/${project.id}/`);
  option.textContent = project.title || `#${project.id}`;
  return option;
}
