import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { attribute } from '../../core/node';
import type { TagViewProps } from '../../core/types';
import { KeyHint } from '../../ui/key-hint';
import { Question } from '../../ui/question';
import { assignedPair } from './sides';

/** Two buttons; a click on one of the objects themselves chooses it as well. */
export default function Pairwise({ node, editor }: TagViewProps) {
  const sides = assignedPair(node);
  const selected = useComputed(() => editor.answer(node)).value?.value?.selected;
  const choose = (stored: string) => editor.setAnswer(node, selected === stored ? null : { selected: stored });
  useEffect(() => {
    const style = attribute(node, 'selectionStyle');
    const stops = sides.map(({ stored, object }) => {
      const element = document.querySelector<HTMLElement>(`.task-area [data-object="${CSS.escape(object)}"]`);
      if (!element) return () => {};
      const picked = selected === stored;
      element.classList.add('pairwise-side');
      element.classList.toggle('is-picked', picked);
      const before = element.style.cssText;
      if (picked && style) element.style.cssText = `${before};${style}`;
      const click = () => {
        if (!editor.readonly.peek() && (getSelection()?.isCollapsed ?? true)) choose(stored);
      };
      element.addEventListener('click', click);
      return () => {
        element.removeEventListener('click', click);
        element.classList.remove('pairwise-side', 'is-picked');
        element.style.cssText = before;
      };
    });
    return () => {
      for (const stop of stops) stop();
    };
  });
  return (
    <Question node={node} editor={editor} class="tag-pairwise">
      {sides.map(({ stored, title, key }) => (
        <button
          key={stored}
          type="button"
          class="button"
          aria-pressed={selected === stored}
          disabled={editor.readonly.value}
          aria-keyshortcuts={key === 'left' ? 'ArrowLeft' : 'ArrowRight'}
          onClick={() => choose(stored)}
        >
          {title}
          <KeyHint keys={key} />
        </button>
      ))}
    </Question>
  );
}
