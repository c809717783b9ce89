import { defineTag } from '../../core/registry';

/** Shown by the TimeSeries it is in. */
export default defineTag({ tag: 'Channel', kind: 'visual' });
