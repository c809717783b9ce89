import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'List', kind: 'object', view: () => import('./view') });
