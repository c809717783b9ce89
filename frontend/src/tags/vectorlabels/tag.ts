import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'VectorLabels',
  kind: 'region',
  resultTypes: ['vectorlabels'],
  view: () => import('../../ui/label-bar'),
  tool: () => import('../vector/tool'),
  actions: labelActions,
});
