/** The definitions of all tags, for set-ups that use more than the everyday ones of `core/registry.ts`. */
import type { TagDefinition } from '../core/types';

export const definitions = import.meta.glob<TagDefinition>('./*/tag.ts', { eager: true, import: 'default' });
