import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'BitmaskLabels',
  kind: 'region',
  resultTypes: ['bitmasklabels'],
  view: () => import('../../ui/label-bar'),
  tool: () => import('../bitmask/tool'),
  actions: labelActions,
});
