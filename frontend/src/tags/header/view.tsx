import { attribute, flag, numeric } from '../../core/node';
import type { TagViewProps } from '../../core/types';
import { useConfigStyle } from '../../ui/config-style';

/** A heading; `size` 1 to 5 chooses the look. The page's own heading is level 1, so these start at 2. */
export default function Header({ node }: TagViewProps) {
  const ref = useConfigStyle<HTMLDivElement>(attribute(node, 'style'));
  const size = Math.min(5, Math.max(1, Math.round(numeric(node, 'size', 4))));
  return (
    <div ref={ref} role="heading" aria-level={Math.min(6, size + 1)} class={`tag-header size-${size}${flag(node, 'underline') ? ' underline' : ''}`}>
      {String(node.value ?? '')}
    </div>
  );
}
