import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'EllipseLabels',
  kind: 'region',
  resultTypes: ['ellipselabels'],
  view: () => import('../../ui/label-bar'),
  tool: () => import('../ellipse/tool'),
  actions: labelActions,
});
