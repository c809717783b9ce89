/** What CodeMirror completes in a config: every tag of the language with its attributes. */

import rows from 'virtual:tag-table';
import type { ElementSpec } from '@codemirror/lang-xml';

export function configElements(): ElementSpec[] {
  return rows.map((row) => ({
    name: row.tag,
    top: row.tag === 'View',
    attributes: row.names
      .split(' ')
      .filter(Boolean)
      .map((name) => ({ name, values: row.defaults?.[name] ? [row.defaults[name] as string] : [] })),
  }));
}
