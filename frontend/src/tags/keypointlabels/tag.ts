import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';

export default defineTag({
  tag: 'KeyPointLabels',
  kind: 'region',
  resultTypes: ['keypointlabels'],
  view: () => import('../../ui/label-bar'),
  tool: () => import('../keypoint/tool'),
  actions: labelActions,
});
