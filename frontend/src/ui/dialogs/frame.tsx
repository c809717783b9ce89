import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../core/text';
import { Icon } from '../icon';

interface Props {
  title: string;
  close: () => void;
  class?: string;
  children: ComponentChildren;
  /** Without a heading of its own, for the palette. */
  bare?: boolean;
}

/** A modal dialog: Escape and a click beside it close it, the focus goes back to where it was. */
export function Frame({ title, close, children, bare = false, ...props }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself.
    <dialog
      ref={ref}
      class={`dialog ${props.class ?? ''}`}
      aria-label={title}
      onClose={close}
      onClick={(event) => {
        if (event.target === ref.current) close();
      }}
    >
      {!bare && (
        <header class="dialog-head">
          <h2>{title}</h2>
          <button type="button" class="button button-quiet icon-button" aria-label={t('Close')} onClick={close}>
            <Icon name="x" />
          </button>
        </header>
      )}
      {children}
    </dialog>
  );
}
