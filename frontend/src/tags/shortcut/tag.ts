import { defineTag } from '../../core/registry';

/** Shown by the TextArea it belongs to. */
export default defineTag({ tag: 'Shortcut', kind: 'visual' });
