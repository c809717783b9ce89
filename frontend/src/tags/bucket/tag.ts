import { defineTag } from '../../core/registry';

/** Shown as a column by its Ranker. */
export default defineTag({ tag: 'Bucket', kind: 'visual' });
