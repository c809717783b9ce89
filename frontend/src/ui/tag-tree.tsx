/** Renders a tag tree: each tag by its lazily loaded view, hidden ones not at all, unknown ones as a named notice. */
import { useComputed } from '@preact/signals';
import { Component, type ComponentType } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { isInPanel } from '../core/node';
import { loadDefinitions, tagDefinition } from '../core/registry';
import { tagSpec } from '../core/tag-table';
import { t } from '../core/text';
import type { Editor, TagNode, TagViewProps } from '../core/types';

type View = ComponentType<TagViewProps>;

const loaded = new Map<string, View>();

/** Loads the views of all tags below `root`, so that the first paint is complete. */
export async function loadViews(root: TagNode): Promise<void> {
  const tags = new Set<string>();
  const visit = (node: TagNode) => {
    tags.add(node.tag);
    node.children.forEach(visit);
  };
  visit(root);
  await loadDefinitions(tags);
  await Promise.all([...tags].flatMap((tag) => [loadView(tag), loadTool(tag)]));
}

async function loadView(tag: string): Promise<void> {
  const definition = tagDefinition(tag);
  if (!definition?.view || loaded.has(tag)) return;
  const module = await definition.view();
  if (module.validate) definition.validate = module.validate;
  loaded.set(tag, module.default);
}

async function loadTool(tag: string): Promise<void> {
  const definition = tagDefinition(tag);
  const module = await definition?.tool?.();
  if (definition && module) Object.assign(definition, module.describe && { describe: module.describe }, module.fields && { fields: module.fields });
}

function Notice({ node, editor }: TagViewProps) {
  const { tag } = node;
  const known = tagSpec(tag) !== undefined;
  const isBox = tagSpec(tag)?.kind !== 'control';
  return (
    <>
      <p class="notice" role="note">
        {known ? t('This version cannot show <{tag}> yet; its values are kept.', { tag }) : t('<{tag}> is not a tag of the labeling language.', { tag })}
      </p>
      {isBox && <TagChildren node={node} editor={editor} />}
    </>
  );
}

function TagInner({ node, editor }: TagViewProps) {
  const definition = tagDefinition(node.tag);
  const [view, setView] = useState<View | undefined>(() => loaded.get(node.tag));
  useEffect(() => {
    if (view || !definition?.view) return;
    let alive = true;
    loadView(node.tag).then(() => alive && setView(() => loaded.get(node.tag)));
    return () => {
      alive = false;
    };
  }, [node.tag, view, definition]);
  // Before the tag is painted: a key that is shown works.
  useLayoutEffect(() => {
    const actions = definition?.actions?.(node, editor);
    return actions?.length ? editor.actions.register(...actions) : undefined;
  }, [node, editor, definition]);
  if (!definition) return <Notice node={node} editor={editor} />;
  if (!definition.view || !view) return null;
  const Show = view;
  return <Show node={node} editor={editor} />;
}

function TagIfVisible({ node, editor }: TagViewProps) {
  const visible = useComputed(() => editor.isVisible(node));
  return visible.value ? <TagInner node={node} editor={editor} /> : null;
}

/** One tag, if its visibility rules show it. Rendered anew only for another node or editor: its view watches signals. */
export class Tag extends Component<TagViewProps> {
  override shouldComponentUpdate(next: TagViewProps): boolean {
    return next.node !== this.props.node || next.editor !== this.props.editor;
  }

  override render({ node, editor }: TagViewProps) {
    return <TagIfVisible node={node} editor={editor} />;
  }
}

export function TagChildren({ node, editor }: { node: TagNode; editor: Editor }) {
  return <>{node.children.map((child) => !isInPanel(child) && <Tag key={child.key} node={child} editor={editor} />)}</>;
}
