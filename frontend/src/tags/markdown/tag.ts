import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Markdown', kind: 'visual', view: () => import('./view') });
