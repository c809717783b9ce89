/** The labels of a region control: a bar that stays in reach, with keys shown and a search field when there are many. */
import { useComputed, useSignal } from '@preact/signals';
import { labelsFrom } from '../core/marking';
import { attribute } from '../core/node';
import { t } from '../core/text';
import type { TagNode, TagViewProps } from '../core/types';
import { LabelChip } from './label-chip';
import { TagChildren } from './tag-tree';

const MANY = 24;

/** Labels stand in boxes sometimes (`View`, `Header` between them): what is not a label is shown as it is. */
function others(node: TagNode): TagNode[] {
  return node.children.filter((child) => child.tag !== 'Label');
}

export default function LabelBar({ node, editor }: TagViewProps) {
  const filter = useSignal('');
  const labels = editor.labelsOf(node.name);
  const held = useComputed(() => {
    const found = new Set(editor.activeLabels.value.get(node.name) ?? []);
    void editor.regions.revision.value;
    for (const id of editor.selection.value) {
      const region = editor.regions.get(id);
      if (region) for (const label of labelsFrom(region, node.name)) found.add(label);
    }
    return found;
  });
  const wanted = filter.value.trim().toLowerCase();
  const shown = wanted ? labels.filter((label) => label.title.toLowerCase().includes(wanted)) : labels;
  const { showHotkeys, labelHotkeys } = editor.settings.value;
  const column = attribute(node, 'showInline') === 'false';
  return (
    <div class={`label-bar${column ? ' is-column' : ''}`} role="group" aria-label={t('Labels: {name}', { name: node.name })} data-control={node.name}>
      {labels.length > MANY && (
        <input
          class="input label-search"
          type="search"
          placeholder={t('Find a label')}
          aria-label={t('Find a label')}
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            const first = shown[0];
            if (event.key !== 'Enter' || !first) return;
            editor.toggleLabel(node.name, first.stored);
            filter.value = '';
          }}
        />
      )}
      {others(node).length > 0 && <TagChildren node={{ ...node, children: others(node) }} editor={editor} />}
      <div class="label-list">
        {shown.map((label) => (
          <LabelChip
            key={label.node.key}
            label={label}
            pressed={held.value.has(label.stored)}
            showKey={showHotkeys && labelHotkeys}
            disabled={editor.readonly.value}
            onPress={() => editor.toggleLabel(node.name, label.stored)}
          />
        ))}
      </div>
    </div>
  );
}
