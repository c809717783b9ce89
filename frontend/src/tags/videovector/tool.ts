/** Paths that move through a video. */
import type { ToolFactory } from '../../core/tool';
import { vectorShape } from '../vector/shape';
import { VectorTool } from '../vector/tool';
import { describeTrack, tracked } from '../video/tracked';

export const shape = tracked(vectorShape, ['videovector', 'videovectorlabels']);

const tool: ToolFactory = (context) => new VectorTool(context, shape);
export default tool;

export { describeTrack as describe };
