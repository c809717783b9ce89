import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Header', kind: 'visual', view: () => import('./view') });
