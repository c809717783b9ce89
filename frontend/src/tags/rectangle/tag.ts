import { defineTag } from '../../core/registry';

/** Drawn with the tool of the image's toolbar; labels come from Labels of the same object. */
export default defineTag({ tag: 'Rectangle', kind: 'region', resultTypes: ['rectangle'], tool: () => import('./tool') });
