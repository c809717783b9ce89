/**
 * All tags the editor can show, found by their folders: `tags/<tag>/tag.ts` with a default export made by `defineTag`.
 * Those of most projects come with the editor; `tags/more.ts` holds the others, fetched when a set-up names one of them.
 */
import type { TagDefinition } from './types';

/** Checks a definition's type; returns it as it is. */
export function defineTag(definition: TagDefinition): TagDefinition {
  return definition;
}

let byName: Map<string, TagDefinition> | undefined;

/** Read at the first question: tags import this file, so they may not be ready while it is loaded. */
function table(): Map<string, TagDefinition> {
  if (!byName) {
    byName = new Map();
    add(
      import.meta.glob<TagDefinition>('../tags/{choice,choices,header,image,label,labels,rectangle,rectanglelabels,style,text,textarea,view}/tag.ts', {
        eager: true,
        import: 'default',
      }),
    );
  }
  return byName;
}

function add(definitions: Record<string, TagDefinition>): void {
  for (const definition of Object.values(definitions)) if (!table().has(definition.tag)) table().set(definition.tag, definition);
}

/** Fetches what is missing of these tags' definitions. To be awaited before an editor asks for them. */
export async function loadDefinitions(tags: Iterable<string>): Promise<void> {
  for (const tag of tags) {
    if (table().has(tag)) continue;
    add((await import('../tags/more')).definitions);
    return;
  }
}

/** The definition of a tag by its canonical name; undefined when this version cannot show it or it was not loaded. */
export function tagDefinition(tag: string): TagDefinition | undefined {
  return table().get(tag);
}
