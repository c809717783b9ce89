/** The set-up without code: which column is shown where, and the labels, one a line. */
import { t } from '../../core/text';
import { labelSets, renameVariable, setLabels, variables } from './config-edit';

interface Props {
  source: string;
  columns: readonly string[];
  onChange: (source: string) => void;
}

export function Visual({ source, columns, onChange }: Props) {
  const names = variables(source);
  const sets = labelSets(source);
  return (
    <div class="visual">
      {names.map((name) => {
        const known = columns.includes(name);
        if (!columns.length) return null;
        return (
          <label class="field" key={name}>
            <span class="field-title">{names.length > 1 ? t('Column for {name}', { name }) : t('Column to show')}</span>
            <select class="select" value={known ? name : ''} onChange={(event) => onChange(renameVariable(source, name, event.currentTarget.value))}>
              {!known && <option value="">{t('Choose a column')}</option>}
              {columns.map((column) => (
                <option key={column} value={column}>
                  {column}
                </option>
              ))}
            </select>
          </label>
        );
      })}
      {sets.map((set) => (
        <label class="field" key={set.control}>
          <span class="field-title">
            {set.tag === 'Choices' || set.tag === 'Taxonomy' ? t('Choices') : t('Labels')}
            {sets.length > 1 && <code>{set.control}</code>}
          </span>
          <textarea
            class="input"
            rows={Math.min(14, Math.max(4, set.labels.length + 1))}
            defaultValue={set.labels.join('\n')}
            aria-describedby="one-per-line"
            onInput={(event) => {
              const lines = event.currentTarget.value.split('\n').map((line) => line.trim());
              const labels = [...new Set(lines.filter(Boolean))];
              if (labels.length) onChange(setLabels(source, set.control, labels));
            }}
          />
        </label>
      ))}
      {sets.length > 0 && (
        <p class="hint" id="one-per-line">
          {t('One per line. Colours, hotkeys and nesting are set in the code.')}
        </p>
      )}
      {!sets.length && !columns.length && <p class="hint">{t('Nothing to set here; see the code.')}</p>}
    </div>
  );
}
