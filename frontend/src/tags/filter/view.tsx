import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { attribute, flag, numeric } from '../../core/node';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { useConfigStyle } from '../../ui/config-style';
import { registerField } from './fields';

const ITEMS = '.label-chip, .choice-list > li, .choice-select option:not([value=""])';

/** What a label or choice is called, without the key shown on it. */
function nameOf(item: Element): string {
  const copy = item.cloneNode(true) as Element;
  for (const key of copy.querySelectorAll('kbd')) key.remove();
  return copy.textContent ?? '';
}

/** Hides the labels and choices of its control that do not have the typed words; Enter takes the first that does. */
export default function Filter({ node, editor }: TagViewProps) {
  const box = useConfigStyle<HTMLDivElement>(attribute(node, 'style'));
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const exact = flag(node, 'caseSensitive');
  const fold = (text: string) => (exact ? text : text.toLocaleLowerCase());
  const wanted = typed.trim().length >= numeric(node, 'minlength', 3) ? fold(typed.trim()) : '';

  const holders = () => node.toName.flatMap((name) => [...document.querySelectorAll(`.task-area [data-control="${CSS.escape(name)}"]`)]);
  const items = () => holders().flatMap((holder) => [...holder.querySelectorAll<HTMLElement>(ITEMS)]);
  const matches = (item: Element) => fold(nameOf(item)).includes(wanted);

  useLayoutEffect(() => (field.current ? registerField(editor, node, field.current) : undefined), [editor, node]);
  useLayoutEffect(() => {
    const apply = () => {
      for (const item of items()) item.style.display = matches(item) ? '' : 'none';
    };
    apply();
    if (wanted === '') return;
    // What is drawn anew is filtered anew.
    const observer = new MutationObserver(apply);
    for (const holder of holders()) observer.observe(holder, { childList: true, subtree: true });
    return () => observer.disconnect();
  });

  const take = () => {
    const first = items().find((item) => wanted !== '' && matches(item));
    if (!first) return;
    if (first instanceof HTMLOptionElement) {
      const list = first.closest('select') as HTMLSelectElement;
      list.value = first.value;
      list.dispatchEvent(new Event('change', { bubbles: true }));
    } else (first.matches('button') ? first : first.querySelector<HTMLElement>('input, button'))?.click();
    if (flag(node, 'cleanup')) setTyped('');
  };

  return (
    <div ref={box} class="tag-filter">
      <input
        ref={field}
        class="input"
        type="search"
        placeholder={attribute(node, 'placeholder')}
        aria-label={attribute(node, 'placeholder') || t('Find a label')}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            take();
          } else if (event.key === 'Escape') {
            setTyped('');
            field.current?.blur();
          }
        }}
      />
    </div>
  );
}
