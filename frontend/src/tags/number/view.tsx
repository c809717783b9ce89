import { useComputed } from '@preact/signals';
import { attribute, flag, numeric } from '../../core/node';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { Question } from '../../ui/question';

export default function NumberAnswer({ node, editor }: TagViewProps) {
  const value = useComputed(() => editor.answer(node)).value?.value?.number;
  const isSet = typeof value === 'number';
  const low = attribute(node, 'min') || undefined;
  const high = attribute(node, 'max') || undefined;
  const step = attribute(node, 'step') || 'any';
  const disabled = editor.readonly.value;
  const set = (typed: number) =>
    editor.setAnswer(node, Number.isNaN(typed) ? null : { number: typed }, { merge: `number ${node.key} ${editor.scopeOf(node)?.region ?? ''}` });
  const middle = (numeric(node, 'min', 0) + numeric(node, 'max', 100)) / 2;
  return (
    <Question node={node} editor={editor} class="tag-number">
      {flag(node, 'slider') && (
        <input
          class={`slider${isSet ? '' : ' is-unset'}`}
          type="range"
          aria-label={node.name}
          aria-valuetext={isSet ? String(value) : t('Not answered')}
          min={low}
          max={high}
          step={step}
          value={isSet ? value : middle}
          disabled={disabled}
          onInput={(event) => set(event.currentTarget.valueAsNumber)}
          // A click on the thumb where it stands moves nothing, but is an answer.
          onPointerUp={(event) => {
            if (!isSet) set(event.currentTarget.valueAsNumber);
          }}
        />
      )}
      <input
        class="input input-number"
        type="number"
        aria-label={node.name}
        inputMode="decimal"
        min={low}
        max={high}
        step={step}
        value={isSet ? value : ''}
        disabled={disabled}
        onInput={(event) => {
          // Half a number ("-", "1e") reads as nothing; it must not remove the answer while it is typed.
          if (!event.currentTarget.validity.badInput) set(event.currentTarget.valueAsNumber);
        }}
      />
      {isSet && !disabled && (
        <button type="button" class="button button-quiet button-small" onClick={() => editor.setAnswer(node, null)}>
          {t('Clear')}
        </button>
      )}
    </Question>
  );
}
