import sprite from './icons.svg';

/** An icon of the pages' sprite; decoration, so the control's text says what it does. */
export function Icon({ name, size = 16 }: { name: string; size?: 16 | 20 }) {
  return (
    <svg class="icon" width={size} height={size} aria-hidden="true" focusable="false">
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}
