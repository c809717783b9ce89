/** Dialogs are loaded when the first one opens: nobody needs them to start labelling. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { LabelingSession } from '../net/session';
import type { UiState } from './session-actions';

export interface DialogProps {
  session: LabelingSession;
  ui: UiState;
  close: () => void;
}

export function Dialogs({ session, ui }: { session: LabelingSession; ui: UiState }) {
  const [show, setShow] = useState<ComponentType<DialogProps> | null>(null);
  const name = ui.dialog.value;
  useEffect(() => {
    if (name !== '' && !show) import('./dialogs/show').then((module) => setShow(() => module.default));
  }, [name, show]);
  if (name === '' || !show) return null;
  const Show = show;
  return (
    <Show
      session={session}
      ui={ui}
      close={() => {
        ui.dialog.value = '';
      }}
    />
  );
}
