/** A key as it is shown beside what it does. */
const NAMES: Record<string, string> = {
  ctrl: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
  enter: 'Enter',
  escape: 'Esc',
  space: 'Space',
  backspace: '⌫',
  delete: 'Del',
  left: '←',
  right: '→',
  up: '↑',
  down: '↓',
  plus: '+',
  minus: '−',
};

const isMac = () => typeof navigator !== 'undefined' && /Mac|iP(hone|ad)/.test(navigator.platform);

/** `ctrl+enter` → `Ctrl Enter`, on a Mac `⌘ Enter`. */
export function keyText(keys: string): string {
  return keys
    .split('+')
    .map((part) => (part === 'ctrl' && isMac() ? '⌘' : part === 'alt' && isMac() ? '⌥' : (NAMES[part] ?? part.toUpperCase())))
    .join(' ');
}

export function KeyHint({ keys }: { keys: string | undefined }) {
  return keys ? (
    <span class="key" aria-hidden="true">
      {keyText(keys)}
    </span>
  ) : null;
}
