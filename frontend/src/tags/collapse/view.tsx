import { flag } from '../../core/node';
import type { TagViewProps } from '../../core/types';
import { TagChildren } from '../../ui/tag-tree';
import './collapse.css';

/** Panels below one another; each draws itself. */
export default function Collapse({ node, editor }: TagViewProps) {
  return (
    <div class={`tag-collapse${flag(node, 'bordered') ? ' is-bordered' : ''}`}>
      <TagChildren node={node} editor={editor} />
    </div>
  );
}
