/** What the language says about each tag, read at build time from `labeling/tags/<tag>/tag.json`. */
import rows from 'virtual:tag-table';

/** One tag as the build writes it; what is empty is left out. */
export interface TagRow {
  tag: string;
  kind: 'object' | 'control' | 'visual';
  aliases?: readonly string[];
  markup?: 1;
  labelTag?: string;
  fillsToName?: 1;
  ownObject?: 1;
  names: string;
  renames?: Readonly<Record<string, string>>;
  defaults?: Readonly<Record<string, string>>;
  variables?: readonly string[];
  type?: string;
  labelsKey?: string;
}

export interface TagSpec {
  readonly tag: string;
  readonly kind: 'object' | 'control' | 'visual';
  /** Canonical attribute names by lower-case spelling, aliases included. */
  readonly names: ReadonlyMap<string, string>;
  readonly defaults: Readonly<Record<string, string>>;
  /** Attributes in which `$variables` stand for task data. */
  readonly variables: readonly string[];
  /** The body is markup, kept as text. */
  readonly markup: boolean;
  /** Name of the tag that is one choice or label of this one. */
  readonly labelTag: string | undefined;
  readonly fillsToName: boolean;
  /** Its results name the control itself as their object. */
  readonly ownObject: boolean;
  readonly resultType: string | undefined;
  /** Key of `value` that holds the labels or choices. */
  readonly labelsKey: string | undefined;
}

const specs = new Map<string, TagSpec>();
const canonical = new Map<string, string>();
for (const row of rows) {
  specs.set(row.tag, {
    tag: row.tag,
    kind: row.kind,
    names: new Map([...row.names.split(' ').map((name) => [name.toLowerCase(), name] as const), ...Object.entries(row.renames ?? {})]),
    defaults: row.defaults ?? {},
    variables: row.variables ?? [],
    markup: row.markup === 1,
    labelTag: row.labelTag,
    fillsToName: row.fillsToName === 1,
    ownObject: row.ownObject === 1,
    resultType: row.type,
    labelsKey: row.labelsKey,
  });
  for (const name of [row.tag, ...(row.aliases ?? [])]) canonical.set(name.toLowerCase(), row.tag);
}

/** The tag of this canonical name. */
export function tagSpec(tag: string): TagSpec | undefined {
  return specs.get(tag);
}

/** The tag written as `name` in any case or by an alias. */
export function findTag(name: string): TagSpec | undefined {
  const tag = canonical.get(name.toLowerCase());
  return tag === undefined ? undefined : specs.get(tag);
}

const byType = new Map<string, TagSpec[]>();
for (const spec of specs.values()) {
  if (spec.resultType) byType.set(spec.resultType, [...(byType.get(spec.resultType) ?? []), spec]);
}

/** The tags whose results are of this `type`. */
export function specsByType(type: string): readonly TagSpec[] {
  return byType.get(type) ?? [];
}
