import { defineTag } from '../../core/registry';

/** Unrolled before anything is shown: its copies stand in its place. */
export default defineTag({ tag: 'Repeater', kind: 'visual' });
