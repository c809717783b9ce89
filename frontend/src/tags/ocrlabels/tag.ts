import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'OcrLabels',
  kind: 'region',
  resultTypes: ['ocrlabels'],
  view: () => import('../../ui/label-bar'),
  tool: () => import('./tool'),
  actions: labelActions,
});
