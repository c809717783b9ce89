import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Video', kind: 'object', view: () => import('./view') });
