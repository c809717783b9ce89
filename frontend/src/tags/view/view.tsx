import { attribute } from '../../core/node';
import type { TagViewProps } from '../../core/types';
import { useConfigStyle } from '../../ui/config-style';
import { TagChildren } from '../../ui/tag-tree';

/** A box that lays out its children; `display="inline"` puts them in a row. */
export default function View({ node, editor }: TagViewProps) {
  const ref = useConfigStyle<HTMLDivElement>(attribute(node, 'style'));
  const inline = attribute(node, 'display') === 'inline';
  const classes = ['tag-view', inline ? 'is-inline' : '', attribute(node, 'className')].filter(Boolean).join(' ');
  return (
    <div ref={ref} class={classes} id={attribute(node, 'idAttr') || undefined}>
      <TagChildren node={node} editor={editor} />
    </div>
  );
}
