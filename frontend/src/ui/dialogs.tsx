/** Dialogs are loaded when the first one opens: nobody needs them to start labelling. */
import type { LabelingSession } from '../net/session';
import { lazy } from './lazy';
import type { UiState } from './session-actions';

export interface DialogProps {
  session: LabelingSession;
  ui: UiState;
  close: () => void;
}

const Show = lazy(() => import('./dialogs/show').then((module) => module.default));

export function Dialogs({ session, ui }: { session: LabelingSession; ui: UiState }) {
  if (ui.dialog.value === '') return null;
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
