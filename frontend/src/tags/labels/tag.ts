import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'Labels',
  kind: 'region',
  resultTypes: ['labels'],
  view: () => import('../../ui/label-bar'),
  actions: labelActions,
});
