/** The account and organization pages: copy buttons, and a role's button that shows once the role is another. Both work without this file. */
import '../styles/pages-accounts.css';
import { toast } from './toast';

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
  const field = document.getElementById(button.dataset.copy ?? '');
  if (!(field instanceof HTMLInputElement)) continue;
  field.addEventListener('focus', () => field.select());
  button.hidden = false;
  button.addEventListener('click', () => void copy(field, button));
}

async function copy(field: HTMLInputElement, button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without https there is no clipboard to write to: the text is selected, and one key is left to press.
    field.select();
    toast(button.dataset.failed ?? '', 'error');
    return;
  }
  toast(button.dataset.copied ?? '');
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-when-changed]')) {
  const choice = form.querySelector('select');
  const button = form.querySelector('button');
  if (!choice || !button) continue;
  const before = choice.value;
  button.hidden = true;
  choice.addEventListener('change', () => {
    button.hidden = choice.value === before;
  });
}

const elsewhere = document.querySelector<HTMLAnchorElement>('a[data-elsewhere]');
const handover = document.querySelector<HTMLFormElement>('#handover');
if (elsewhere && handover && window.self !== window.top) void import('./elsewhere').then((part) => part.openWindows(elsewhere, handover));

const handedOver = document.getElementById('handed-over')?.textContent;
if (handedOver) void import('./elsewhere').then((part) => part.handOver((JSON.parse(handedOver) as { code: string }).code));
