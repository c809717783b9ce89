import { defineTag } from '../../core/registry';

/** Shown by the control it belongs to. */
export default defineTag({ tag: 'Choice', kind: 'visual' });
