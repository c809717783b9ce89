import { defineTag } from '../../core/registry';

/** Drawn with the tool of the video's toolbar; labels come from Labels of the same video, into the path's own row. */
export default defineTag({ tag: 'VideoVector', kind: 'region', resultTypes: ['videovector'], tool: () => import('./tool') });
