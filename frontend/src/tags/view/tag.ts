import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'View', kind: 'visual', view: () => import('./view') });
