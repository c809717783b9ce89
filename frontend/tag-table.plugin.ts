/** Vite plugin: the tags of the language (`labeling/tags/<tag>/tag.json`) as one compact module, `virtual:tag-table`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const MODULE = 'virtual:tag-table';

interface TagFile {
  tag: string;
  kind: string;
  aliases?: string[];
  body?: string;
  labelTag?: string;
  fillsToName?: boolean;
  ownObject?: boolean;
  objects?: string[];
  attributes: { name: string; aliases?: string[]; default?: string; variable?: boolean; type: string }[];
  results?: { type: string; labelsKey?: string }[];
}

function compact(file: TagFile) {
  const renames: Record<string, string> = {};
  const defaults: Record<string, string> = {};
  for (const attribute of file.attributes) {
    for (const alias of attribute.aliases ?? []) renames[alias.toLowerCase()] = attribute.name;
    if (attribute.default !== undefined && attribute.default !== 'false' && attribute.default !== '') {
      defaults[attribute.name] = attribute.default;
    }
  }
  const variables = file.attributes.filter((attribute) => attribute.variable).map((attribute) => attribute.name);
  const first = file.results?.[0];
  return {
    tag: file.tag,
    kind: file.kind,
    aliases: file.aliases,
    markup: file.body === 'markup' ? 1 : undefined,
    labelTag: file.labelTag,
    fillsToName: file.fillsToName ? 1 : undefined,
    ownObject: file.ownObject ? 1 : undefined,
    names: file.attributes.map((attribute) => attribute.name).join(' '),
    renames: Object.keys(renames).length ? renames : undefined,
    defaults: Object.keys(defaults).length ? defaults : undefined,
    variables: variables.length ? variables : undefined,
    type: first?.type,
    labelsKey: file.results?.find((result) => result.labelsKey)?.labelsKey,
  };
}

/** Reads every `tag.json` below `folder`, in the order of their names. */
export function readTagTable(folder: string): unknown[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => compact(JSON.parse(readFileSync(join(folder, name, 'tag.json'), 'utf8')) as TagFile));
}

export function tagTable(folder: string): Plugin {
  return {
    name: 'tag-table',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load(id) {
      if (id !== `\0${MODULE}`) return undefined;
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(readTagTable(folder)))});`;
    },
  };
}
