import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Dialog', kind: 'object', view: () => import('./view') });
