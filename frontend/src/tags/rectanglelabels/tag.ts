import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'RectangleLabels',
  kind: 'region',
  resultTypes: ['rectanglelabels'],
  view: () => import('../../ui/label-bar'),
  tool: () => import('../rectangle/tool'),
  actions: labelActions,
});
