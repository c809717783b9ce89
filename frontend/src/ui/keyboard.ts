/** Listens to the keyboard and does what the keymap says. */
import type { ActionRegistry } from '../core/actions';
import { actionsFor, type KeyOverrides } from '../core/keymap';

const TEXT_INPUTS = new Set(['text', 'search', 'email', 'url', 'tel', 'password', 'number', 'date', 'time', 'datetime-local', 'month', 'week', '']);

/** Whether typing goes into the element. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && TEXT_INPUTS.has(target.type);
}

/** Keys that the focused element uses itself. */
function belongsToElement(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === 'Enter' || event.key === ' ')
    return target.closest('button, a[href], summary, input, [role="treeitem"], [role="tab"], [role="option"]') !== null;
  if (event.key.startsWith('Arrow')) return target.closest('input, [role="tree"], [role="tablist"], [role="slider"], [role="listbox"]') !== null;
  return false;
}

export function listenToKeys(registry: ActionRegistry, overrides: () => KeyOverrides): () => void {
  const listener = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
    if (belongsToElement(event)) return;
    for (const action of actionsFor(registry, overrides(), event, isTextField(event.target))) {
      if (action.run() === false) continue;
      event.preventDefault();
      return;
    }
  };
  document.addEventListener('keydown', listener);
  return () => document.removeEventListener('keydown', listener);
}
