import { useSignal, useSignalEffect } from '@preact/signals';
import { useContext } from 'preact/hooks';
import { attribute, flag, walk } from '../../core/node';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { SessionContext } from '../../ui/session-context';
import { TagChildren } from '../../ui/tag-tree';

/** The browser's own folding: it works by keyboard, and finding in the page opens it. Panels of one name close each other. */
export default function Panel({ node, editor }: TagViewProps) {
  const session = useContext(SessionContext);
  const collapse = node.parent?.tag === 'Collapse' ? node.parent : null;
  const open = useSignal(flag(node, 'open') || (collapse !== null && flag(collapse, 'open')));
  const group = collapse && flag(collapse, 'accordion') && !flag(collapse, 'open') ? `collapse-${collapse.key}` : undefined;
  // A question that lacks its answer must be seen.
  useSignalEffect(() => {
    const missing = session?.problems.value ?? [];
    if (missing.length && [...walk(node)].some((below) => missing.some((problem) => problem.node.key === below.key))) open.value = true;
  });
  return (
    <details
      class="tag-panel"
      name={group}
      open={open.value}
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>{attribute(node, 'value') || String(node.value ?? '') || t('More')}</summary>
      <div class="panel-content">
        <TagChildren node={node} editor={editor} />
      </div>
    </details>
  );
}
