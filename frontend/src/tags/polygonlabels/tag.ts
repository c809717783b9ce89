import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'PolygonLabels',
  kind: 'region',
  resultTypes: ['polygonlabels'],
  view: () => import('../../ui/label-bar'),
  tool: () => import('../polygon/tool'),
  actions: labelActions,
});
