/** What an import would make of the files that were sent: the format that was found, the first tasks, which class becomes which label. */
import type { Signal } from '@preact/signals';
import { plural, t } from '../core/text';
import type { Row } from './first-rows';
import { RowPreview } from './row-preview';

export interface Preview {
  format: string;
  title: string;
  kind: string;
  rows: number | null;
  refused: number;
  annotations: number;
  predictions: number;
  preview: Row[];
  tasks: { regions: number }[];
  problems: string[];
  /** What comes in another shape than the files have it. */
  notes: string[];
  /** People of another server who are no members here. */
  placeholders: string[];
  classes: { name: string; count: number; label: string }[];
  labels: string[];
  controls: { name: string; tag: string }[];
  formats: { name: string; title: string }[];
  /** A labeling set-up for the file's classes, when the project has none. */
  proposal: string;
}

/** What the person has chosen, as the API takes it. */
export interface Choices {
  format: string;
  control: string;
  classes: Record<string, string>;
  as_predictions: boolean;
  files_as_tasks_list: boolean;
  leave_out: boolean;
  elsewhere: boolean;
}

const BY_ROWS = 'rows';
const TABLES = ['csv', 'tsv', 'txt', 'parquet'];
const JSONS = ['json', 'jsonl', 'zip'];
const LEFT_OUT = '';

interface PreviewProps {
  found: Preview;
  choices: Signal<Choices>;
  /** Makes the proposed set-up the project's own. */
  adopt: (config: string) => void;
}

export function ImportPreview({ found, choices, adopt }: PreviewProps) {
  const choose = (changes: Partial<Choices>) => {
    choices.value = { ...choices.value, ...changes };
  };
  const now = choices.value;
  return (
    <section class="import-preview" aria-label={t('What will be imported')}>
      <p class="import-found">
        <strong>{headline(found)}</strong>
        {found.annotations > 0 && (
          <span class="quiet"> {plural(found.annotations, 'with {n} annotation', 'with {n} annotations', { n: found.annotations })}</span>
        )}
        {found.predictions > 0 && (
          <span class="quiet"> {plural(found.predictions, 'with {n} prediction', 'with {n} predictions', { n: found.predictions })}</span>
        )}
      </p>
      <div class="import-choices">
        {found.formats.length > 0 && (
          <label>
            {t('Format')}
            <select class="select" value={now.format} onChange={(event) => choose({ format: event.currentTarget.value, classes: {}, control: '' })}>
              <option value="">{found.kind === 'dataset' && !now.format ? t('{name} (found)', { name: found.title }) : t('As found')}</option>
              <option value={BY_ROWS}>{t('Rows and files, no annotation format')}</option>
              {found.formats.map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        )}
        {TABLES.includes(found.format) && (
          <label>
            {t('Each table is')}
            <select
              class="select"
              value={String(now.files_as_tasks_list)}
              onChange={(event) => choose({ files_as_tasks_list: event.currentTarget.value === 'true' })}
            >
              <option value="true">{t('a list of tasks')}</option>
              <option value="false">{t('one task (a time series, a text)')}</option>
            </select>
          </label>
        )}
        {found.kind === 'dataset' && found.controls.length > 1 && (
          <label>
            {t('Answers go to')}
            <select class="select" value={now.control} onChange={(event) => choose({ control: event.currentTarget.value })}>
              <option value="">{t('the first that fits')}</option>
              {found.controls.map(({ name, tag }) => (
                <option key={name} value={name}>
                  {name} ({tag})
                </option>
              ))}
            </select>
          </label>
        )}
        {found.kind === 'dataset' && (
          <label>
            {t('Import them as')}
            <select class="select" value={String(now.as_predictions)} onChange={(event) => choose({ as_predictions: event.currentTarget.value === 'true' })}>
              <option value="false">{t('annotations')}</option>
              <option value="true">{t('predictions, to be checked by people')}</option>
            </select>
          </label>
        )}
      </div>
      {found.proposal && (
        <div class="notice import-proposal" role="status">
          <div>
            <p>{t('The project has no labeling set-up yet. This one holds everything in the file:')}</p>
            <pre class="code-block">{found.proposal}</pre>
            <button type="button" class="button button-primary" onClick={() => adopt(found.proposal)}>
              {t('Use this set-up')}
            </button>
          </div>
        </div>
      )}
      {found.classes.length > 0 && !found.proposal && <Classes found={found} choices={choices} />}
      {found.notes.map((text) => (
        <p key={text} class="notice" role="note">
          {text}
        </p>
      ))}
      {found.problems.length > 0 && !found.proposal && (
        <ul class="notice notice-error problems" role="alert">
          {found.problems.slice(0, 10).map((text) => (
            <li key={text}>{text}</li>
          ))}
          {found.problems.length > 10 && <li>{t('… and {n} more', { n: found.problems.length - 10 })}</li>}
        </ul>
      )}
      <RowPreview rows={found.preview} />
      {JSONS.includes(found.format) && (
        <label class="check">
          <input type="checkbox" checked={now.elsewhere} onChange={(event) => choose({ elsewhere: event.currentTarget.checked })} />
          {t('This is an export of another server')}
        </label>
      )}
      {found.placeholders.length > 0 && (
        <p class="hint">
          {t('These people are no members here. They are kept as deactivated members on their work:')} {found.placeholders.slice(0, 10).join(', ')}
          {found.placeholders.length > 10 && ` ${t('… and {n} more', { n: found.placeholders.length - 10 })}`}
        </p>
      )}
      <label class="check">
        <input type="checkbox" checked={now.leave_out} onChange={(event) => choose({ leave_out: event.currentTarget.checked })} />
        {t('Leave out rows with mistakes, and list them in a report')}
      </label>
    </section>
  );
}

function headline(found: Preview): string {
  const name = found.title || t('Files');
  if (found.rows === null) return t('{name}: many tasks', { name });
  return plural(found.rows, '{name}: {n} task', '{name}: {n} tasks', { name, n: found.rows });
}

function Classes({ found, choices }: { found: Preview; choices: Signal<Choices> }) {
  const chosen = choices.value.classes;
  return (
    <table class="class-mapping">
      <caption class="quiet">{t('Classes of the file and the labels they become')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('Class')}</th>
          <th scope="col">{t('Objects')}</th>
          <th scope="col">{t('Label')}</th>
        </tr>
      </thead>
      <tbody>
        {found.classes.map(({ name, count, label }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="numbers">{count}</td>
            <td>
              <select
                class="select"
                aria-label={t('Label for {name}', { name })}
                value={chosen[name] ?? label}
                onChange={(event) => {
                  choices.value = { ...choices.value, classes: { ...chosen, [name]: event.currentTarget.value } };
                }}
              >
                <option value={LEFT_OUT}>{t('leave out')}</option>
                {!found.labels.includes(name) && <option value={name}>{t('{name} (not in the set-up)', { name })}</option>}
                {found.labels.map((known) => (
                  <option key={known} value={known}>
                    {known}
                  </option>
                ))}
              </select>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The mapping that the page shows, whether somebody touched it or not. */
export function classesOf(found: Preview, chosen: Record<string, string>): Record<string, string> {
  return Object.fromEntries(found.classes.map(({ name, label }) => [name, chosen[name] ?? label]));
}
