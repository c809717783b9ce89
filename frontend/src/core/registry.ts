/** All tags the editor can show, found by their folders: `tags/<tag>/tag.ts` with a default export made by `defineTag`. */
import type { TagDefinition } from './types';

/** Checks a definition's type; returns it as it is. */
export function defineTag(definition: TagDefinition): TagDefinition {
  return definition;
}

const modules = import.meta.glob<{ default: TagDefinition }>('../tags/*/tag.ts', { eager: true });

const byName = new Map<string, TagDefinition>();
for (const module of Object.values(modules)) byName.set(module.default.tag, module.default);

/** The definition of a tag by its canonical name; undefined when this version cannot show it. */
export function tagDefinition(tag: string): TagDefinition | undefined {
  return byName.get(tag);
}

export function allTags(): readonly TagDefinition[] {
  return [...byName.values()];
}
