import { attribute, flag, numeric } from '../../core/node';
import type { TagViewProps } from '../../core/types';
import { useConfigStyle } from '../../ui/config-style';

/** A heading; `size` 1 to 5 chooses the look. For screen readers all stand right below the name of the page: a size says nothing about rank. */
export default function Header({ node }: TagViewProps) {
  const ref = useConfigStyle<HTMLDivElement>(attribute(node, 'style'));
  const size = Math.min(5, Math.max(1, Math.round(numeric(node, 'size', 4))));
  return (
    <div ref={ref} role="heading" aria-level={2} class={`tag-header size-${size}${flag(node, 'underline') ? ' underline' : ''}`}>
      {String(node.value ?? '')}
    </div>
  );
}
