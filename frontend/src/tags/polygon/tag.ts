import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Polygon', kind: 'region', resultTypes: ['polygon'], tool: () => import('./tool') });
