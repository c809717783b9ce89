/** What every page runs: htmx, menus, the command palette, colours, toasts. */
import 'htmx.org';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/pages.css';
import '../styles/pages-data.css';
import './icons.svg';
import { setCatalog, t } from '../core/text';
import { readPageJson } from '../net/context';
import { watchMenus } from './menus';
import { toast } from './toast';

const catalog = readPageJson<Record<string, string | string[]>>('catalog');
if (catalog) setCatalog(catalog, document.documentElement.lang || 'en');

watchMenus();

async function openPalette(): Promise<void> {
  const dialog = document.querySelector<HTMLDialogElement>('#palette');
  if (!dialog || dialog.open) return;
  // At once: what is typed while the list's code is fetched goes into its field, and Enter is not forgotten.
  dialog.showModal();
  let entered = false;
  const listen = (event: KeyboardEvent) => {
    if (event.key === 'Enter') entered = true;
  };
  dialog.addEventListener('keydown', listen);
  const { showPalette } = await import('./palette');
  dialog.removeEventListener('keydown', listen);
  showPalette(dialog, entered);
}

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    void openPalette();
  }
});

document.addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('[data-open="palette"]')) void openPalette();
});

// Where rows of tabs are wider than the window, the present one is in sight.
for (const current of document.querySelectorAll('.tabs [aria-current], .side-nav [aria-current]'))
  current.scrollIntoView({ block: 'nearest', inline: 'center' });

// A page that htmx could not fetch says so; what was on screen stays.
document.addEventListener('htmx:error', () => toast(t('The server could not be reached. Please try again.'), 'error'));

for (const shown of document.querySelectorAll('#toasts > .toast')) window.setTimeout(() => shown.remove(), 6000);

const outer = document.documentElement.dataset.outer;
if (outer && window.self !== window.top) void import('./outer-address').then((part) => part.keepOuterAddress(outer));
