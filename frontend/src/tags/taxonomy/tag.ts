import { defineTag } from '../../core/registry';

/** Paths, each joined by " / ". */
function words(paths: unknown): string {
  return Array.isArray(paths) ? paths.map((path) => (Array.isArray(path) ? path.join(' / ') : String(path))).join(', ') : '';
}

export default defineTag({
  tag: 'Taxonomy',
  kind: 'answer',
  resultTypes: ['taxonomy'],
  view: () => import('./view'),
  describe: (row) => (typeof row.value?.text === 'string' ? row.value.text : words(row.value?.taxonomy)),
});
