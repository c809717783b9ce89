import { rowLabels } from '../core/region';
import { t } from '../core/text';
import type { Editor, Region } from '../core/types';

/** The labels of a region as people know them, "Person, Speaker"; "No label" when it has none. */
export function regionTitle(editor: Editor, region: Region): string {
  const titles = region.rows.flatMap((row) => rowLabels(row).map((label) => editor.label(row.from_name ?? '', label)?.title ?? label));
  const all = titles.length > 0 ? titles : region.labels;
  return all.length > 0 ? [...new Set(all)].join(', ') : t('No label');
}
