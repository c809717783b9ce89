import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Panel', kind: 'visual', view: () => import('./view') });
