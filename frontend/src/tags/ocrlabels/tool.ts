/** Drawing areas on the pages of a document. */
import { t } from '../../core/text';
import type { ToolContext, ToolFactory } from '../../core/tool';
import type { RegionField, ResultRow } from '../../core/types';
import { CornersTool } from '../../stage/corners-tool';
import { ocrShape } from './shape';

class AreaTool extends CornersTool {
  readonly id = `ocr:${this.context.control.name}`;
  readonly title = t('Area');
  readonly icon = 'rectangle';
  readonly action = 'tool:rectangle';
  readonly keys = ['r'];

  constructor(context: ToolContext) {
    super(context, ocrShape);
  }
}

const tool: ToolFactory = (context) => new AreaTool(context);
export default tool;

export { ocrShape as shape };

/** The text in the area, else its page. */
export function describe({ value }: ResultRow): string {
  const text = Array.isArray(value?.ocrtext) ? value.ocrtext.join(' ') : value?.ocrtext;
  if (typeof text === 'string' && text !== '') return text;
  return t('page {page}', { page: Number(value?.pageIndex ?? 1) });
}

const share = (key: string, title: string): RegionField => ({
  key: `page ${key}`,
  title,
  unit: '%',
  min: 0,
  max: 100,
  step: 0.1,
  digits: 2,
  read: ({ value }) => Number(value?.[key] ?? 0) * 100,
  apply: (typed) => ({ [key]: typed / 100 }),
});

/** Shares of the page, in percent. */
export function fields(): readonly RegionField[] {
  return [share('x', t('X')), share('y', t('Y')), share('width', t('Width')), share('height', t('Height'))];
}
