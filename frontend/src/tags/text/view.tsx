import { useRef } from 'preact/hooks';
import { attribute, flag } from '../../core/node';
import type { TagViewProps } from '../../core/types';
import { plainFormat } from '../../spans/format';
import { SourceNotice } from '../../spans/source-notice';
import { TextLayer } from '../../spans/text-layer';
import { asText } from '../../spans/text-value';
import { useSource } from '../../spans/use-source';
import { useSurface } from '../../spans/use-surface';
import { LabelPicker } from '../../ui/label-picker';

const URL_AT = /https?:\/\/[^\s<>"']+/g;

function linkAt(text: string, position: number): string | null {
  const from = text.lastIndexOf('\n', position - 1) + 1;
  const stop = text.indexOf('\n', position);
  const line = text.slice(from, stop < 0 ? text.length : stop);
  for (const match of line.matchAll(URL_AT)) if (from + match.index <= position && position < from + match.index + match[0].length) return match[0];
  return null;
}

export default function Text({ node, editor }: TagViewProps) {
  const encoding = attribute(node, 'encoding');
  const [loaded, retry] = useSource(node.value, attribute(node, 'valueType') === 'url', (value) => asText(value, encoding));
  const host = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const text = loaded && 'value' in loaded ? loaded.value : null;
  const { surface, marker } = useSurface(
    editor,
    node,
    () => {
      const root = body.current;
      if (text === null || !root || !host.current) return null;
      return {
        host: host.current,
        layer: (seen) => new TextLayer(root, text, seen),
        format: plainFormat(node),
        onPlainClick: (_event, at) => {
          const link = flag(node, 'clickableLinks') ? linkAt(text, at) : null;
          if (link) window.open(link, '_blank', 'noopener,noreferrer');
        },
      };
    },
    [text],
  );
  if (loaded === null || 'problem' in loaded) return <SourceNotice loaded={loaded} retry={retry} />;
  return (
    <div ref={host} class={`tag-text${flag(node, 'inline') ? ' is-inline' : ''}`} data-object={node.name}>
      <div ref={body} class="text-body htx-richtext" />
      <LabelPicker marker={marker} editor={editor} board={() => surface.current?.board ?? null} host={host} />
    </div>
  );
}
