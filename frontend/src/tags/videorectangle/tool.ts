/** Boxes that move through a video. */
import { t } from '../../core/text';
import type { ToolContext, ToolFactory } from '../../core/tool';
import { CornersTool } from '../../stage/corners-tool';
import { rectangleFields } from '../rectangle/fields';
import { rectangleShape } from '../rectangle/shape';
import { describeTrack, tracked, trackedFields } from '../video/tracked';

export const shape = tracked(rectangleShape, ['videorectangle']);

class VideoBoxTool extends CornersTool {
  readonly id = `videorectangle:${this.context.control.name}`;
  readonly title = t('Box');
  readonly icon = 'rectangle';
  readonly action = 'tool:rectangle';
  readonly keys = ['r'];

  constructor(context: ToolContext) {
    super(context, shape);
  }
}

const tool: ToolFactory = (context) => new VideoBoxTool(context);
export default tool;

export const fields = trackedFields(rectangleFields);
export { describeTrack as describe };
