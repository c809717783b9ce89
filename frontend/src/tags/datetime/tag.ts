import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'DateTime',
  kind: 'answer',
  resultTypes: ['datetime'],
  view: () => import('./view'),
  describe: (row) => (typeof row.value?.datetime === 'string' ? row.value.datetime : ''),
});
