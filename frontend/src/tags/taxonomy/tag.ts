import { defineTag } from '../../core/registry';
import { pathsOf } from './tree';

export default defineTag({
  tag: 'Taxonomy',
  kind: 'answer',
  resultTypes: ['taxonomy'],
  view: () => import('./view'),
  describe: (row) =>
    typeof row.value?.text === 'string'
      ? row.value.text
      : pathsOf(row)
          .map((path) => path.join(' / '))
          .join(', '),
});
