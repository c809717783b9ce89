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
  const known = (id: string, title: string, type: Column['type'], width: number, more: Partial<Column> = {}): Column => ({
    id,
    title,
    type,
    width,
    share: 0,
    shown: false,
    ...more,
  });
  const task = [
    known('total_annotations', t('Annotations'), 'number', 104, { shown: true }),
    known('annotators', t('Annotated by'), 'people', 120, { shown: true }),
    known('agreement', t('Agreement'), 'percent', 104),
    known('labels', t('Label'), 'label', 120, { filterOnly: true }),
    known('annotations_results', t('Answers'), 'text', 200),
    known('is_labeled', t('Done'), 'truth', 72),
    known('completed_at', t('Completed'), 'time', 140),
    known('avg_lead_time', t('Seconds per annotation'), 'decimal', 104),
    known('cancelled_annotations', t('Skipped'), 'number', 84),
    known('ground_truth', t('Ground truth'), 'truth', 104, { filterOnly: true }),
    known('draft_exists', t('Draft'), 'yes', 72),
    known('total_predictions', t('Predictions'), 'number', 100, { shown: predicted }),
    known('predictions_score', t('Prediction score'), 'decimal', 104),
    known('predictions_model_versions', t('Model versions'), 'text', 140),
    known('comment_count', t('Comments'), 'number', 96),
    known('unresolved_comment_count', t('Open comments'), 'number', 96),
    known('file_upload', t('File'), 'text', 160),
    known('storage_filename', t('Storage file'), 'text', 160),
    known('id', t('ID'), 'number', 84),
    known('created_at', t('Created'), 'time', 140),
    known('updated_at', t('Changed'), 'time', 140, { shown: true }),
  ];
  return [known('inner_id', '#', 'number', 72, { shown: true }), ...data, ...task.filter((column) => context.offered.includes(column.id))];
}
