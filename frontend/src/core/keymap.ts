/** Keys to actions: how a key press is written, which keys an action has for this person, and what a press does. */
import type { Action, ActionRegistry } from './actions';

/** Per-user overrides: action id to keys, or off. The shape of Label Studio's `custom_hotkeys` is understood too. */
export type KeyOverrides = Readonly<Record<string, unknown>>;

interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const NAMES: Record<string, string> = {
  ' ': 'space',
  '+': 'plus',
  '-': 'minus',
  arrowleft: 'left',
  arrowright: 'right',
  arrowup: 'up',
  arrowdown: 'down',
  esc: 'escape',
  del: 'delete',
};

const ORDER = ['ctrl', 'alt', 'shift'];

/** `Shift + Ctrl+Z`, `⌘+z` → `ctrl+shift+z`. */
export function normalizeKeys(text: string): string {
  const trimmed = text.trim().toLowerCase();
  const parts = trimmed === '+' ? ['plus'] : trimmed.split(/\s*\+\s*/).filter(Boolean);
  const modifiers = new Set<string>();
  let key = '';
  for (const part of parts) {
    const name = ['meta', 'cmd', 'command', 'control', 'mod', '⌘'].includes(part) ? 'ctrl' : part === 'option' ? 'alt' : (NAMES[part] ?? part);
    if (ORDER.includes(name)) modifiers.add(name);
    else key = name;
  }
  return [...ORDER.filter((name) => modifiers.has(name)), key].join('+');
}

/** The ways to write a key press; `?` is `?` and `shift+/`, Shift with 1 is `shift+1` on any keyboard layout. */
export function pressedKeys(press: KeyPress): string[] {
  const modifiers = [...(press.ctrlKey || press.metaKey ? ['ctrl'] : []), ...(press.altKey ? ['alt'] : []), ...(press.shiftKey ? ['shift'] : [])];
  const key = NAMES[press.key.toLowerCase()] ?? press.key.toLowerCase();
  if (['control', 'shift', 'alt', 'meta'].includes(key)) return [];
  const found = [[...modifiers, key].join('+')];
  const physical = /^(?:Key|Digit)(.)$/.exec(press.code)?.[1]?.toLowerCase();
  if (physical && physical !== key && (press.shiftKey || press.altKey)) found.push([...modifiers, physical].join('+'));
  if (press.code === 'Period' && key !== '.' && modifiers.length) found.push([...modifiers, '.'].join('+'));
  if (press.shiftKey && key.length === 1 && key.toUpperCase() === key) found.push([...modifiers.filter((name) => name !== 'shift'), key].join('+'));
  if (press.shiftKey && key === 'plus') found.push([...modifiers.filter((name) => name !== 'shift'), key].join('+'));
  return found;
}

/** The keys of an action for a person with these overrides; none when it is switched off. */
export function keysOf(action: Pick<Action, 'id' | 'keys'>, overrides: KeyOverrides): readonly string[] {
  const own = overrides[action.id];
  if (typeof own === 'string') return own === '' ? [] : [normalizeKeys(own)];
  if (typeof own === 'object' && own !== null) {
    const { key, active } = own as { key?: unknown; active?: unknown };
    if (active === false) return [];
    if (typeof key === 'string' && key !== '') return [normalizeKeys(key)];
  }
  return (action.keys ?? []).map(normalizeKeys);
}

/**
 * What waits to be accepted comes first, then labels and choices of the config, before everything else that has the same key; then what an image
 * does with it.
 */
const rank = (action: Action) => (action.id.startsWith('suggestions:') ? 0 : /^(?:label|choice):/.test(action.id) ? 1 : action.id.startsWith('image:') ? 2 : 3);

/** The actions that this press may do now, the most particular first. */
export function actionsFor(registry: ActionRegistry, overrides: KeyOverrides, press: KeyPress, inField: boolean): Action[] {
  const pressed = pressedKeys(press);
  return registry
    .all()
    .filter((action) => keysOf(action, overrides).some((keys) => pressed.includes(keys)))
    .filter((action) => (!inField || action.inFields === true) && (!action.when || action.when()))
    .sort((a, b) => rank(a) - rank(b));
}
