/** Labeling exactly the tasks that are selected, or else those that the filters find, in the order of the page. */
import { t } from '../../core/text';
import { toast } from '../toast';
import type { Store } from './store';

/** Hands the choice to the labeling page (`islands/editor.tsx` reads it) and goes there. */
export function labelThese(store: Store): void {
  const { project, urls } = store.context;
  try {
    sessionStorage.setItem(`labelspace.selection.${project.id}`, JSON.stringify(store.chosenBody()));
  } catch {
    toast(t('This browser cannot carry so many tasks over to the next page. Select fewer, or use a filter.'), 'error');
    return;
  }
  window.location.assign(`${urls.label}?of=selection`);
}
