import { labelActions } from '../../core/label-actions';
import { defineTag } from '../../core/registry';
import { describeRectangle, rectangleFields } from '../rectangle/fields';

export default defineTag({
  tag: 'RectangleLabels',
  kind: 'region',
  resultTypes: ['rectanglelabels'],
  view: () => import('../../ui/label-bar'),
  tool: () => import('../rectangle/tool'),
  describe: describeRectangle,
  fields: rectangleFields,
  actions: labelActions,
});
