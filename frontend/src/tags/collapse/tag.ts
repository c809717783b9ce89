import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Collapse', kind: 'visual', view: () => import('./view') });
