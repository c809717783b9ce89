import { defineTag } from '../../core/registry';
import { choiceActions } from './keys';

export default defineTag({
  tag: 'Choices',
  kind: 'answer',
  resultTypes: ['choices'],
  view: () => import('./view'),
  actions: choiceActions,
  describe: (row) =>
    Array.isArray(row.value?.choices) ? row.value.choices.map((choice) => (Array.isArray(choice) ? choice.join(' / ') : choice)).join(', ') : '',
});
