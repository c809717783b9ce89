import { useComputed } from '@preact/signals';
import { numeric } from '../../core/node';
import { plural } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { Icon } from '../../ui/icon';
import { Question } from '../../ui/question';

/** Stars as radio buttons: arrow keys move, a click on the present one takes it back. */
export default function Rating({ node, editor }: TagViewProps) {
  const most = Math.min(100, Math.max(1, numeric(node, 'maxRating', 5)));
  const rating = Number(useComputed(() => editor.answer(node)).value?.value?.rating ?? 0);
  return (
    <Question node={node} editor={editor} class="tag-rating">
      {Array.from({ length: most }, (_, index) => index + 1).map((stars) => (
        <label key={stars} class={`star${stars <= rating ? ' is-on' : ''}`}>
          <input
            type="radio"
            class="visually-hidden"
            name={`rating-${node.key}`}
            aria-label={plural(stars, '{count} star', '{count} stars')}
            checked={stars === rating}
            disabled={editor.readonly.value}
            onChange={() => editor.setAnswer(node, { rating: stars })}
            onClick={() => {
              if (stars === rating) editor.setAnswer(node, null);
            }}
          />
          <Icon name="star" size={20} />
        </label>
      ))}
    </Question>
  );
}
