import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'MagicWand', kind: 'region', resultTypes: ['magicwand'], tool: () => import('./tool') });
