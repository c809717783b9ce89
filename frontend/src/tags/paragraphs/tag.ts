import { defineTag } from '../../core/registry';
import { t } from '../../core/text';
import type { RegionField } from '../../core/types';
import { shiftedSpan } from '../../spans/sources';
import { phrasesOf } from './current';

const field = (edge: 'start' | 'end', title: string): RegionField => ({
  key: `${edge}Offset`,
  title,
  min: 0,
  step: 1,
  digits: 0,
  apply: (typed, row, editor) => shiftedSpan(edge, typed - Number(row.value?.[`${edge}Offset`]), row, editor),
});

export default defineTag({
  tag: 'Paragraphs',
  kind: 'object',
  view: () => import('./view'),
  describe: (row) => (typeof row.value?.text === 'string' ? row.value.text : ''),
  fields: () => [field('start', t('Start')), field('end', t('End'))],
  actions: (node, editor) => [
    {
      id: `phrase:next:${node.key}`,
      title: t('Next phrase'),
      group: t('Text'),
      keys: ['ctrl+down'],
      run: () => phrasesOf(editor, node)?.move(1) ?? false,
    },
    {
      id: `phrase:previous:${node.key}`,
      title: t('Previous phrase'),
      group: t('Text'),
      keys: ['ctrl+up'],
      run: () => phrasesOf(editor, node)?.move(-1) ?? false,
    },
    {
      id: `phrase:label:${node.key}`,
      title: t('Label the whole phrase'),
      group: t('Text'),
      keys: ['ctrl+shift+a'],
      when: () => !editor.readonly.peek(),
      run: () => phrasesOf(editor, node)?.labelWhole() ?? false,
    },
    {
      id: `phrase:play:${node.key}`,
      title: t('Play the phrase'),
      group: t('Text'),
      keys: ['ctrl+p'],
      when: () => node.attributes.audioUrl !== undefined,
      run: () => phrasesOf(editor, node)?.play() ?? false,
    },
  ],
});
