import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'TimeSeriesLabels',
  kind: 'region',
  resultTypes: ['timeserieslabels'],
  view: () => import('../../ui/label-bar'),
  actions: labelActions,
});
