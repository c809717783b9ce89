import { defineTag } from '../../core/registry';
import { describeRectangle, rectangleFields } from './fields';

/** Drawn with the tool of the image's toolbar; labels come from Labels of the same object. */
export default defineTag({
  tag: 'Rectangle',
  kind: 'region',
  resultTypes: ['rectangle'],
  tool: () => import('./tool'),
  describe: describeRectangle,
  fields: rectangleFields,
});
