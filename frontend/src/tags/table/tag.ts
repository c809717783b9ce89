import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Table', kind: 'object', view: () => import('./view') });
