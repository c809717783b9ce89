import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'VideoVectorLabels',
  kind: 'region',
  resultTypes: ['videovectorlabels'],
  view: () => import('../../ui/label-bar'),
  tool: () => import('../videovector/tool'),
  actions: labelActions,
});
