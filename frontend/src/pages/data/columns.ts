/** The columns that the table can show: those of the data first, then what Labelspace knows about each task. */
import { t } from '../../core/text';
import type { Column, Context } from './types';

const MEDIA: Record<string, Column['type']> = { Image: 'image', Audio: 'audio', Video: 'video' };

export function columnsOf(context: Context): Column[] {
  const data = context.columns.map(({ key, kind }, at): Column => {
    const type = MEDIA[kind] ?? 'text';
    // What the set-up shows is what people look for: it gets the room.
    const wide = type === 'text' && Boolean(kind);
    return {
      id: `data.${key}`,
      title: key,
      type,
      width: type === 'image' ? 112 : wide ? 280 : 120,
      share: type === 'image' ? 0 : wide ? 4 : 1,
      shown: Boolean(kind) || at < 6,
    };
  });
  const predicted = context.project.total_predictions_number > 0;
  return [
    { id: 'inner_id', title: '#', type: 'number', width: 72, share: 0, shown: true },
    ...data,
    { id: 'total_annotations', title: t('Annotations'), type: 'number', width: 104, share: 0, shown: true },
    { id: 'annotators', title: t('Annotated by'), type: 'people', width: 120, share: 0, shown: true },
    { id: 'labels', title: t('Label'), type: 'label', width: 120, share: 0, shown: false, filterOnly: true },
    { id: 'cancelled_annotations', title: t('Skipped'), type: 'number', width: 84, share: 0, shown: false },
    { id: 'total_predictions', title: t('Predictions'), type: 'number', width: 100, share: 0, shown: predicted },
    { id: 'draft_exists', title: t('Draft'), type: 'yes', width: 72, share: 0, shown: false },
    { id: 'id', title: t('ID'), type: 'number', width: 84, share: 0, shown: false },
    { id: 'created_at', title: t('Created'), type: 'time', width: 140, share: 0, shown: false },
    { id: 'updated_at', title: t('Changed'), type: 'time', width: 140, share: 0, shown: true },
  ];
}

const KEY = (project: number) => `labelspace.columns.${project}`;

/** Which columns the person chose on this device; null before a choice. */
export function chosenColumns(project: number): string[] | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY(project)) ?? 'null');
    return Array.isArray(found) ? found.map(String) : null;
  } catch {
    return null; // not ours, or storage is blocked: the default is fine
  }
}

export function keepColumns(project: number, ids: readonly string[]): void {
  try {
    localStorage.setItem(KEY(project), JSON.stringify(ids));
  } catch {
    // Storage is full or blocked: the choice lasts for this visit.
  }
}
