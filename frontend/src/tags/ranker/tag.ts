import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'Ranker',
  kind: 'answer',
  resultTypes: ['ranker'],
  view: () => import('./view'),
  describe: (row) =>
    Object.entries((row.value?.ranker ?? {}) as Record<string, unknown>)
      .map(([column, ids]) => `${column}: ${Array.isArray(ids) ? ids.join(', ') : ''}`)
      .join(' · '),
});
