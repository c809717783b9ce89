import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Style', kind: 'visual', view: () => import('./view') });
