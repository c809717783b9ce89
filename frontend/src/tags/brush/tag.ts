import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Brush', kind: 'region', resultTypes: ['brush'], tool: () => import('./tool') });
