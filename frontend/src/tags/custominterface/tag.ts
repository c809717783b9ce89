import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'CustomInterface',
  kind: 'answer',
  resultTypes: ['reactcode'],
  view: () => import('./view'),
  describe: (row) => JSON.stringify(row.value?.reactcode ?? null).slice(0, 80),
});
