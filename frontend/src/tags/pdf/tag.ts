import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Pdf', kind: 'object', view: () => import('./view') });
