import { defineTag } from '../../core/registry';

/** Relations are made between regions (Alt+R) and shown in the side panel and over the task; the tag only brings their labels. */
export default defineTag({ tag: 'Relations', kind: 'visual', resultTypes: ['relation'] });
