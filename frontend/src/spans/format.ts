/** How a result row says where a span is: offsets of the whole text, of HTML nodes or of phrases. Positions are UTF-16 units. */
import { attribute } from '../core/node';
import type { OffsetIndex } from '../core/offsets';
import type { TagNode } from '../core/types';
import type { SpanLayer } from './layer';

type Value = Readonly<Record<string, unknown>>;

export interface SpanFormat {
  read(value: Value): { start: number; end: number } | null;
  /** The value of a span, without labels. */
  write(from: number, to: number): Record<string, unknown>;
}

export type MakeFormat = (layer: SpanLayer, offsets: OffsetIndex) => SpanFormat;

/** Whether results carry the marked words: as the config says, else unless the text comes from elsewhere. */
export function keepsText(object: TagNode): boolean {
  const save = attribute(object, 'saveTextResult');
  return save === 'yes' || (save !== 'no' && attribute(object, 'valueType') !== 'url');
}

/** `{start, end, text}` in code points of the whole text. */
export function plainFormat(object: TagNode): MakeFormat {
  return (layer, offsets) => ({
    read({ start, end }) {
      return typeof start === 'number' && typeof end === 'number' ? { start: offsets.toUnits(start), end: offsets.toUnits(end) } : null;
    },
    write: (from, to) => ({
      start: offsets.toCodePoints(from),
      end: offsets.toCodePoints(to),
      ...(keepsText(object) && { text: layer.text.slice(from, to) }),
    }),
  });
}
