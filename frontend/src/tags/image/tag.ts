import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Image', kind: 'object', view: () => import('./view') });
