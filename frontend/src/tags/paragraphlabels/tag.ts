import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'ParagraphLabels',
  kind: 'region',
  resultTypes: ['paragraphlabels'],
  view: () => import('../../ui/label-bar'),
  actions: labelActions,
});
