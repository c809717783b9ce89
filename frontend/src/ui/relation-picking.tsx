import { useComputed, useSignalEffect } from '@preact/signals';
import { addRelation, relationsOf } from '../core/relations';
import type { Editor } from '../core/types';
import { lazy } from './lazy';
import type { UiState } from './session-actions';

const Lines = lazy(() => import('./relation-lines').then((part) => part.RelationLines));

/** While a relation waits for its other end, the next region that is selected is it. What draws relations is loaded with the first. */
export function RelationPicking({ editor, ui }: { editor: Editor; ui: UiState }) {
  const some = useComputed(() => relationsOf(editor).length > 0).value;
  useSignalEffect(() => {
    const from = ui.relationFrom.value;
    const picked = [...editor.selection.value].find((id) => id !== from);
    if (from === null || picked === undefined) return;
    queueMicrotask(() => {
      addRelation(editor, from, picked);
      ui.relationFrom.value = null;
    });
  });
  return some ? <Lines editor={editor} /> : null;
}
