import { defineTag } from '../../core/registry';
import { t } from '../../core/text';

export default defineTag({
  tag: 'TimeSeries',
  kind: 'object',
  view: () => import('./view'),
  describe: ({ value }) => {
    const { start, end, instant } = value ?? {};
    if (start === undefined || end === undefined) return '';
    return instant === true || start === end ? t('at {time}', { time: String(start) }) : `${start} – ${end}`;
  },
  fields: () => [
    { key: 'start', title: t('Start'), apply: (typed, { value }) => ({ start: Math.min(typed, Number(value?.end)), instant: typed >= Number(value?.end) }) },
    { key: 'end', title: t('End'), apply: (typed, { value }) => ({ end: Math.max(typed, Number(value?.start)), instant: typed <= Number(value?.start) }) },
  ],
});
