import { defineTag } from '../../core/registry';

/** Drawn with the tool of the video's toolbar; labels come from Labels of the same video, into the box's own row. */
export default defineTag({ tag: 'VideoRectangle', kind: 'region', resultTypes: ['videorectangle'], tool: () => import('./tool') });
