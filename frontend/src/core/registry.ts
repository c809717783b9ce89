/** All tags the editor can show, found by their folders: `tags/<tag>/tag.ts` with a default export made by `defineTag`. */
import type { TagDefinition } from './types';

/** Checks a definition's type; returns it as it is. */
export function defineTag(definition: TagDefinition): TagDefinition {
  return definition;
}

let byName: Map<string, TagDefinition> | undefined;

/** Read at the first question: tags import this file, so they may not be ready while it is loaded. */
function table(): Map<string, TagDefinition> {
  if (!byName) {
    const definitions = import.meta.glob<TagDefinition>('../tags/*/tag.ts', { eager: true, import: 'default' });
    byName = new Map(Object.values(definitions).map((definition) => [definition.tag, definition]));
  }
  return byName;
}

/** The definition of a tag by its canonical name; undefined when this version cannot show it. */
export function tagDefinition(tag: string): TagDefinition | undefined {
  return table().get(tag);
}
