/** The first rows as a small table. */
import { t } from '../core/text';
import type { Row } from './first-rows';
import { columnKind } from './setup/config-edit';

const MOST_COLUMNS = 8;

export function RowPreview({ rows }: { rows: readonly Row[] }) {
  if (!rows.length) return null;
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const shown = keys.slice(0, MOST_COLUMNS);
  return (
    <figure class="row-preview">
      <figcaption class="quiet">{t('The first tasks')}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard. */}
      <div class="row-preview-scroll" tabIndex={0} role="region" aria-label={t('The first tasks')}>
        <table>
          <thead>
            <tr>
              {shown.map((key) => (
                <th key={key} scope="col">
                  {key}
                </th>
              ))}
              {keys.length > MOST_COLUMNS && <th scope="col">{t('+{n}', { n: keys.length - MOST_COLUMNS })}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={at}>
                {shown.map((key) => (
                  <td key={key}>
                    <Cell value={row[key]} name={key} />
                  </td>
                ))}
                {keys.length > MOST_COLUMNS && <td />}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function Cell({ value, name }: { value: unknown; name: string }) {
  if (columnKind([value], name) === 'image') return <img class="thumb" src={String(value)} alt="" />;
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
  return <span class="clip">{text.length > 200 ? `${text.slice(0, 200)}…` : text}</span>;
}
