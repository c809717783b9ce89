import { marked } from 'marked';
import { useMemo } from 'preact/hooks';
import { attribute } from '../../core/node';
import type { TagViewProps } from '../../core/types';
import { useConfigStyle } from '../../ui/config-style';
import { Rich } from '../../ui/rich';
import { dedent } from './dedent';
import './markdown.css';

export default function Markdown({ node }: TagViewProps) {
  const ref = useConfigStyle<HTMLDivElement>(attribute(node, 'style'));
  const value = typeof node.value === 'string' ? node.value : String(node.value ?? '');
  const html = useMemo(() => marked.parse(dedent(value), { async: false, gfm: true }), [value]);
  return (
    <div ref={ref} class={['tag-markdown', attribute(node, 'className')].filter(Boolean).join(' ')} id={attribute(node, 'idAttr') || undefined}>
      <Rich html={html} block />
    </div>
  );
}
