/** A label as a button: its colour, its name, its key. */
import type { LabelInfo } from '../core/types';
import { KeyHint } from './key-hint';
import { Rich } from './rich';

interface Props {
  label: LabelInfo;
  pressed: boolean;
  showKey: boolean;
  disabled?: boolean;
  onPress: () => void;
}

export function LabelChip({ label, pressed, showKey, disabled = false, onPress }: Props) {
  const html = label.node.attributes.html;
  return (
    <button
      type="button"
      class="label-chip"
      aria-pressed={pressed}
      aria-keyshortcuts={showKey && label.hotkey ? label.hotkey : undefined}
      title={label.hint || undefined}
      disabled={disabled}
      ref={(button) => button?.style.setProperty('--label-color', label.color)}
      // The text selection must survive the click.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      <span class="label-swatch" aria-hidden="true" />
      <span class="label-name">{html ? <Rich html={html} /> : label.title}</span>
      {showKey && <KeyHint keys={label.hotkey} />}
    </button>
  );
}
