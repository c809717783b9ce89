import { defineTag } from '../../core/registry';

export default defineTag({ tag: 'KeyPoint', kind: 'region', resultTypes: ['keypoint'], tool: () => import('./tool') });
