import { useMemo } from 'preact/hooks';
import { attribute } from '../../core/node';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { CardContent, readCards } from './cards';

/** The cards as they are; with a Ranker they are shown there, to be sorted. */
export default function List({ node, editor }: TagViewProps) {
  const cards = useMemo(() => readCards(node.value), [node]);
  if (editor.controlsFor(node.name).some((control) => control.tag === 'Ranker')) return null;
  const title = attribute(node, 'title');
  return (
    <section class="card-list" data-object={node.name} aria-label={title || t('List {name}', { name: node.name })}>
      {title && <h3 class="card-list-title">{title}</h3>}
      {cards.length === 0 && <p class="hint">{t('This list is empty.')}</p>}
      <ul class="cards">
        {cards.map((card) => (
          <li key={card.id} class="card">
            <CardContent card={card} />
          </li>
        ))}
      </ul>
    </section>
  );
}
