import { useComputed } from '@preact/signals';
import { attribute } from '../../core/node';
import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { Question } from '../../ui/question';
import { type Parts, partsOf, toField, toStored } from './format';

const TYPES: Record<Exclude<Parts, 'month'>, string> = { date: 'date', time: 'time', 'date,time': 'datetime-local', 'month,year': 'month', year: 'number' };

const monthName = (month: number) => new Date(Date.UTC(2026, month - 1, 15)).toLocaleString(undefined, { month: 'long', timeZone: 'UTC' });

export { validate } from './validate';

export default function DateTime({ node, editor }: TagViewProps) {
  const stored = useComputed(() => editor.answer(node)).value?.value?.datetime;
  const parts = partsOf(attribute(node, 'only'));
  const format = attribute(node, 'format');
  const value = typeof stored === 'string' ? toField(stored, format, parts) : '';
  const disabled = editor.readonly.value;
  const set = (field: string) =>
    editor.setAnswer(node, field === '' ? null : { datetime: toStored(field, format, parts) }, {
      merge: `datetime ${node.key} ${editor.scopeOf(node)?.region ?? ''}`,
    });
  const bound = (name: 'min' | 'max') => toField(attribute(node, name), '', parts) || undefined;
  return (
    <Question node={node} editor={editor} class="tag-datetime">
      {parts === 'month' ? (
        <select class="select" aria-label={node.name} value={value} disabled={disabled} onChange={(event) => set(event.currentTarget.value)}>
          <option value="">{t('Choose…')}</option>
          {Array.from({ length: 12 }, (_, index) => (
            <option key={index} value={String(index + 1).padStart(2, '0')}>
              {monthName(index + 1)}
            </option>
          ))}
        </select>
      ) : (
        <input
          class="input"
          type={TYPES[parts] as 'date'}
          aria-label={node.name}
          value={value}
          min={bound('min')}
          max={bound('max')}
          step={attribute(node, 'step') || undefined}
          disabled={disabled}
          onInput={(event) => {
            const typed = event.currentTarget.value;
            if (parts === 'year' && typed !== '' && !/^\d{4}$/.test(typed)) return;
            set(typed);
          }}
        />
      )}
      {typeof stored === 'string' && value === '' && <p class="hint">{t('Stored as "{value}".', { value: stored })}</p>}
    </Question>
  );
}
