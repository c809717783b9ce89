import { useComputed } from '@preact/signals';
import { attribute } from '../core/node';
import { changeRelation, type Direction, type Relation, relationsOf, removeRelation } from '../core/relations';
import { plural, t } from '../core/text';
import type { Editor } from '../core/types';
import { Icon } from './icon';
import { regionTitle } from './region-title';

const TURN: Record<Direction, Direction> = { right: 'left', left: 'bi', bi: 'right' };
const ICONS: Record<Direction, string> = { right: 'arrow-right', left: 'arrow-left', bi: 'arrow-both' };
const WORDS: Record<Direction, () => string> = { right: () => t('to the second'), left: () => t('to the first'), bi: () => t('both ways') };

function RelationRow({ editor, relation }: { editor: Editor; relation: Relation }) {
  const control = [...editor.nodes.values()].find((node) => node.tag === 'Relations');
  const known = relationLabels(editor);
  const multiple = control !== undefined && attribute(control, 'choice') === 'multiple';
  const readonly = editor.readonly.value;
  const end = (id: string) => {
    const region = editor.regions.get(id);
    return (
      <button
        type="button"
        class="relation-end"
        onClick={() => editor.select([id])}
        ref={(button) => region && (button?.style.setProperty('--label-color', editor.colorOf(region)) as never)}
      >
        <span class="label-swatch" aria-hidden="true" />
        {region ? regionTitle(editor, region) : id}
      </button>
    );
  };
  const choose = (label: string) => {
    if (label === '') return changeRelation(editor, relation, { labels: [] });
    if (!multiple) return changeRelation(editor, relation, { labels: [label] });
    const held = relation.labels.includes(label);
    return changeRelation(editor, relation, { labels: held ? relation.labels.filter((other) => other !== label) : [...relation.labels, label] });
  };
  const options = [...new Set([...known, ...relation.labels])];
  return (
    <li class="relation-row">
      <div class="relation-ends">
        {end(relation.from)}
        <button
          type="button"
          class="button button-quiet icon-button"
          disabled={readonly}
          aria-label={t('Direction: {direction}', { direction: WORDS[relation.direction]() })}
          title={t('Turn')}
          onClick={() => changeRelation(editor, relation, { direction: TURN[relation.direction] })}
        >
          <Icon name={ICONS[relation.direction]} />
        </button>
        {end(relation.to)}
        <button
          type="button"
          class="button button-quiet icon-button"
          disabled={readonly}
          aria-label={t('Delete relation')}
          title={t('Delete relation')}
          onClick={() => removeRelation(editor, relation)}
        >
          <Icon name="x" />
        </button>
      </div>
      {options.length > 0 && (
        <div class="relation-labels">
          {multiple &&
            relation.labels.map((label) => (
              <button key={label} type="button" class="chip" disabled={readonly} aria-label={t('Remove {name}', { name: label })} onClick={() => choose(label)}>
                {label} <span aria-hidden="true">×</span>
              </button>
            ))}
          <select
            class="select select-small"
            aria-label={t('Label of the relation')}
            disabled={readonly}
            value={multiple ? '' : (relation.labels[0] ?? '')}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            <option value="">{multiple ? t('Add a label…') : t('No label')}</option>
            {options
              .filter((label) => !multiple || !relation.labels.includes(label))
              .map((label) => (
                <option key={label} value={label}>
                  {label}
                </option>
              ))}
          </select>
        </div>
      )}
    </li>
  );
}

function relationLabels(editor: Editor): string[] {
  return findRelations(editor.root).map((value) => String(value ?? ''));
}

function findRelations(node: Editor['root']): unknown[] {
  return [...(node.tag === 'Relation' ? [node.value] : []), ...node.children.flatMap(findRelations)];
}

export function RelationsPanel({ editor }: { editor: Editor }) {
  const relations = useComputed(() => relationsOf(editor)).value;
  if (relations.length === 0) return null;
  return (
    <section class="relations" aria-label={t('Relations')}>
      <header class="panel-head">
        <h2>{plural(relations.length, '{count} relation', '{count} relations')}</h2>
      </header>
      <ul class="relation-list">
        {relations.slice(0, 200).map((relation) => (
          <RelationRow key={relation.key} editor={editor} relation={relation} />
        ))}
      </ul>
      {relations.length > 200 && <p class="hint">{t('The first 200 are shown.')}</p>}
    </section>
  );
}
