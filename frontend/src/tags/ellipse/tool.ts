/** Drawing ellipses: the box around them by dragging or two clicks; Shift makes a circle. */
import { t } from '../../core/text';
import type { ToolContext, ToolFactory } from '../../core/tool';
import type { RegionField, ResultRow } from '../../core/types';
import { CornersTool } from '../../stage/corners-tool';
import { ellipseShape } from './shape';

class EllipseTool extends CornersTool {
  readonly id = `ellipse:${this.context.control.name}`;
  readonly title = t('Ellipse');
  readonly icon = 'ellipse';
  readonly action = 'tool:ellipse';
  readonly keys = ['o'];

  constructor(context: ToolContext) {
    super(context, ellipseShape);
  }
}

const ellipse: ToolFactory = (context) => new EllipseTool(context);
export default ellipse;
export { ellipseShape as shape };

const number = (row: ResultRow, key: string) => (typeof row.value?.[key] === 'number' ? (row.value[key] as number) : 0);

/** "120 × 40": its size in pixels, where the row says how large the image is. */
export function describe(row: ResultRow): string {
  const { original_width: width, original_height: height } = row;
  if (typeof width !== 'number' || typeof height !== 'number') return '';
  return `${Math.round((number(row, 'radiusX') * width) / 50)} × ${Math.round((number(row, 'radiusY') * height) / 50)}`;
}

export function fields(): readonly RegionField[] {
  const percent = { unit: '%', step: 0.1, digits: 2, max: 100 };
  return [
    { key: 'x', title: t('Middle X'), ...percent, min: 0 },
    { key: 'y', title: t('Middle Y'), ...percent, min: 0 },
    { key: 'radiusX', title: t('Radius X'), ...percent, min: 0.01 },
    { key: 'radiusY', title: t('Radius Y'), ...percent, min: 0.01 },
    { key: 'rotation', title: t('Rotation'), unit: '°', min: 0, max: 360, step: 1, digits: 1 },
  ];
}
