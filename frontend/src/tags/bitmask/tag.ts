import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Bitmask', kind: 'region', resultTypes: ['bitmask'], tool: () => import('./tool') });
