import { defineTag } from '../../core/registry';
import { textsIn } from './texts';

export default defineTag({
  tag: 'TextArea',
  kind: 'answer',
  resultTypes: ['textarea'],
  view: () => import('./view'),
  describe: (row) => `“${textsIn(row).join(' / ')}”`,
});
