import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'Ellipse', kind: 'region', resultTypes: ['ellipse'], tool: () => import('./tool') });
