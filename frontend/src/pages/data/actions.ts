/** What can be done with selected tasks, as `/api/dm/actions/` lists it; doing it; undoing it. */
import { plural, t } from '../../core/text';
import { fetchJson } from '../http';
import type { Store } from './store';

export interface FormField {
  type: 'select' | 'input' | 'number' | 'toggle';
  name: string;
  label: string;
  required?: boolean;
  multiple?: boolean;
  options?: (string | { value: string | number; label: string })[];
  suggestions?: string[];
}

export interface ActionInfo {
  id: string;
  title: string;
  danger: boolean;
  undo: boolean;
  dialog: { text: string; form: { fields: FormField[] }[] | null };
}

export type Counts = Partial<Record<'tasks' | 'annotations' | 'drafts' | 'predictions', number>>;

export interface ActionAnswer {
  detail: string;
  processed_items?: number;
  /** The job that does it. */
  job?: number;
  /** The entry of the recycle bin that undoes it. */
  entry?: number;
}

export function listActions(store: Store): Promise<ActionInfo[]> {
  return fetchJson(`${store.context.urls.actions}?project=${store.context.project.id}`);
}

export function countSelected(store: Store, action: string): Promise<Counts> {
  return fetchJson(`${store.context.urls.actions}${action}/counts/?project=${store.context.project.id}`, { method: 'POST', json: store.selectionBody() });
}

export function perform(store: Store, action: string, values: Record<string, unknown>): Promise<ActionAnswer> {
  return fetchJson(`${store.context.urls.actions}?project=${store.context.project.id}&id=${action}`, {
    method: 'POST',
    json: { ...store.selectionBody(), ...values },
  });
}

export function undo(store: Store, entry: number): Promise<{ job: number | null; restored: Record<string, number> }> {
  return fetchJson(`${store.context.urls.bin}${entry}/undo/`, { method: 'POST' });
}

/** "3 tasks, 1 annotation"; what there is none of is left out, but for the first. */
export function inWords(counts: Counts): string {
  const words: string[] = [];
  const add = (number: number | undefined, one: string, many: string) => {
    if (number) words.push(plural(number, one, many, { n: number.toLocaleString('en') }));
  };
  add(counts.tasks, '{n} task', '{n} tasks');
  add(counts.annotations, '{n} annotation', '{n} annotations');
  add(counts.drafts, '{n} draft', '{n} drafts');
  add(counts.predictions, '{n} prediction', '{n} predictions');
  return words.join(', ') || t('Nothing');
}
