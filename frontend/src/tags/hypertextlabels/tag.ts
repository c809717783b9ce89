import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'HyperTextLabels',
  kind: 'region',
  resultTypes: ['hypertextlabels'],
  view: () => import('../../ui/label-bar'),
  actions: labelActions,
});
