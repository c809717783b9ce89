import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Vector', kind: 'region', resultTypes: ['vector'], tool: () => import('./tool') });
