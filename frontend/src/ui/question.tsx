/** The frame of an answer control: a named group that shows when a required answer is missing. */

import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import { attribute, flag } from '../core/node';
import { problemsOf } from '../core/problems';
import { t } from '../core/text';
import type { Editor, TagNode } from '../core/types';
import { SessionContext } from './session-context';

interface Props {
  node: TagNode;
  editor: Editor;
  class?: string;
  children: ComponentChildren;
}

/** Its `label` names a control, or the nearest heading above it, or its `name`. */
function nameOf(node: TagNode): string {
  const own = attribute(node, 'label');
  if (own) return own;
  const siblings = node.parent?.children ?? [];
  const heading = siblings.slice(0, siblings.indexOf(node)).findLast((before) => before.tag === 'Header');
  return typeof heading?.value === 'string' ? heading.value : node.name;
}

export function Question({ node, editor, children, ...props }: Props) {
  const session = useContext(SessionContext);
  // What was missing at the last submit, as long as it still is.
  const problem = useComputed(() => {
    const missing = session?.problems.value.find((candidate) => candidate.node.key === node.key);
    return missing && problemsOf(editor).some((candidate) => candidate.node.key === node.key && candidate.region === missing.region) ? missing : undefined;
  }).value;
  const problemId = `problem-${node.key}`;
  const region = flag(node, 'perRegion') ? editor.scopeOf(node)?.region : undefined;
  return (
    <fieldset
      class={`question ${props.class ?? ''}${problem ? ' has-problem' : ''}`}
      aria-describedby={problem ? problemId : undefined}
      data-control={node.name}
    >
      <legend class="visually-hidden">{flag(node, 'required') ? t('{name} (required)', { name: nameOf(node) }) : nameOf(node)}</legend>
      {region !== undefined && <p class="hint question-scope">{t('About the selected region')}</p>}
      {children}
      {problem && (
        <p class="field-error" id={problemId} role="alert">
          {problem.message}
        </p>
      )}
    </fieldset>
  );
}
