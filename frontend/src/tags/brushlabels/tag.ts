import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'BrushLabels',
  kind: 'region',
  resultTypes: ['brushlabels'],
  view: () => import('../../ui/label-bar'),
  tool: () => import('../brush/tool'),
  actions: labelActions,
});
