import { useState } from 'preact/hooks';
import { attribute } from '../../core/node';
import { plural, t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { SourceNotice } from '../../spans/source-notice';
import { useSource } from '../../spans/use-source';
import { tableRows } from './rows';
import './table.css';

/** So many rows at first: nobody reads a million of them, and the page must not stop for it. */
const PAGE = 200;

export default function Table({ node }: TagViewProps) {
  const [loaded, retry] = useSource(node.value, attribute(node, 'valueType') === 'url', (value) =>
    tableRows(value, t('A Table needs an object or a list; this task has something else. Mend the data and import it again.')),
  );
  const [shown, setShown] = useState(PAGE);
  if (loaded === null || 'problem' in loaded) return <SourceNotice loaded={loaded} retry={retry} />;
  const { head, rows } = loaded.value;
  const left = rows.length - shown;
  return (
    <div class="tag-table" data-object={node.name}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wide tables are scrolled by keyboard too. */}
      <div class="table-scroll" tabIndex={0} role="region" aria-label={t('Table {name}', { name: node.name })}>
        <table>
          {head && (
            <thead>
              <tr>
                {head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {rows.slice(0, shown).map((cells, index) => (
              <tr key={index}>
                {cells.map((cell, at) =>
                  head === null && at === 0 ? (
                    <th key={at} scope="row">
                      {cell}
                    </th>
                  ) : (
                    <td key={at}>{cell}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && (
        <button type="button" class="button" onClick={() => setShown(shown + PAGE * 5)}>
          {plural(left, 'Show {count} more row', 'Show {count} more rows')}
        </button>
      )}
    </div>
  );
}
