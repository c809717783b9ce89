import sprite from './icons.svg?no-inline';

/** An icon of the editor's sprite; decoration, so the control's text or label says what it does. */
export function Icon({ name, size = 16 }: { name: string; size?: 16 | 20 }) {
  return (
    <svg class="icon" width={size} height={size} aria-hidden="true">
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}
