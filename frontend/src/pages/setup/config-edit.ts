/** Small changes to a labeling config's source: which column a variable shows, which labels a control offers. */
import { findTag } from '../../core/tag-table';

const VARIABLE = /\$([\p{L}\p{N}\p{M}_]+)/gu;

/** The data keys that a config uses, each once, in order. */
export function variables(source: string): string[] {
  return [...new Set([...source.matchAll(VARIABLE)].map((match) => match[1] as string))];
}

/** The source with one data key put for another. */
export function renameVariable(source: string, from: string, to: string): string {
  return source.replace(VARIABLE, (whole, name: string) => (name === from ? `$${to}` : whole));
}

/** A guess which column each variable should show: the same name, else a column whose values look right, each used once. */
export function matchColumns(source: string, columns: readonly { key: string; kind: ColumnKind }[]): Map<string, string> {
  const wanted = variables(source);
  const matches = new Map<string, string>();
  const free = new Set(columns.map((column) => column.key));
  for (const name of wanted) {
    const same = columns.find((column) => free.has(column.key) && column.key.toLowerCase() === name.toLowerCase());
    if (same) {
      matches.set(name, same.key);
      free.delete(same.key);
    }
  }
  for (const name of wanted) {
    if (matches.has(name)) continue;
    const kind = kindOfVariable(source, name);
    const fits = columns.filter((column) => free.has(column.key) && column.kind === kind);
    const best = fits[0];
    if (best) {
      matches.set(name, best.key);
      free.delete(best.key);
    }
  }
  return matches;
}

export type ColumnKind = 'text' | 'short' | 'image' | 'audio' | 'video' | 'pdf' | 'html' | 'list' | 'object';

const TAG_KINDS: Record<string, ColumnKind> = {
  Image: 'image',
  Audio: 'audio',
  AudioPlus: 'audio',
  Video: 'video',
  Pdf: 'pdf',
  HyperText: 'html',
  Paragraphs: 'list',
  List: 'list',
  Table: 'object',
};

function kindOfVariable(source: string, name: string): ColumnKind {
  const tag = new RegExp(`<(\\w+)[^>]*\\bvalue(?:List)?\\s*=\\s*["']\\$${name}(?![\\p{L}\\p{N}\\p{M}_])`, 'u').exec(source)?.[1];
  return (tag && TAG_KINDS[tag]) || 'text';
}

/** What a column holds, by its first values. A file that is still in the browser has no name in its address: its column is called by its kind. */
export function columnKind(values: readonly unknown[], key = ''): ColumnKind {
  const value = values.find((one) => one !== null && one !== undefined && one !== '');
  if (Array.isArray(value)) return 'list';
  if (value && typeof value === 'object') return 'object';
  const text = String(value ?? '');
  if (text.startsWith('blob:')) return key as ColumnKind;
  if (/^(|https?:|s3:|gs:|\/)\S+$/i.test(text)) {
    const path = text.split(/[?#]/)[0] ?? '';
    if (/\.(png|jpe?g|gif|webp|bmp|svg|avif|tiff?)$/i.test(path)) return 'image';
    if (/\.(wav|mp3|flac|m4a|ogg|opus)$/i.test(path)) return 'audio';
    if (/\.(mp4|webm|mov)$/i.test(path)) return 'video';
    if (/\.pdf$/i.test(path)) return 'pdf';
  }
  if (/^\s*<[a-z!][\s\S]*>\s*$/i.test(text)) return 'html';
  const longest = Math.max(...values.map((one) => String(one ?? '').length));
  return longest > 24 || /\s/.test(text.trim()) ? 'text' : 'short';
}

export interface LabelSet {
  /** `name` of the control. */
  control: string;
  tag: string;
  labels: string[];
}

/** The tag of a control's labels, which stand in the config as its children: `Label`, `Choice`. */
function childTag(tag: string): string | null {
  return findTag(tag)?.labelTag ?? null;
}

function parse(source: string): Document | null {
  const document = new DOMParser().parseFromString(source, 'text/xml');
  return document.querySelector('parsererror') ? null : document;
}

/** The flat label sets of a config; nested choices are left to the code. Empty for a source that is not XML. */
export function labelSets(source: string): LabelSet[] {
  const document = parse(source);
  if (!document) return [];
  const sets: LabelSet[] = [];
  for (const element of document.querySelectorAll('*')) {
    const child = childTag(element.tagName);
    const children = [...element.children];
    if (!child || !children.length || children.some((one) => one.tagName !== child || one.children.length)) continue;
    sets.push({
      control: element.getAttribute('name') ?? '',
      tag: element.tagName,
      labels: children.map((one) => one.getAttribute('value') ?? ''),
    });
  }
  return sets;
}

/**
 * The source with a control's labels replaced. A label that stays keeps its attributes (colour, hotkey); a new one is written plain.
 * The rest of the source stays as it is, character by character.
 */
export function setLabels(source: string, control: string, labels: readonly string[]): string {
  const document = parse(source);
  if (!document) return source;
  const set = labelSets(source).find((one) => one.control === control);
  if (!set) return source;
  const child = childTag(set.tag) as string;
  const block = new RegExp(
    `(<${set.tag}\\b(?=[^>]*\\bname\\s*=\\s*(["'])${escapePattern(control)}\\2)(?:"[^"]*"|'[^']*'|[^>"'])*>)([\\s\\S]*?)(\\s*</${set.tag}>)`,
  );
  return source.replace(block, (_whole, open: string, _quote: string, body: string, close: string) => {
    const former = new Map<string, string>();
    for (const match of body.matchAll(new RegExp(`<${child}\\b(?:"[^"]*"|'[^']*'|[^>"'])*?(?:/>|>\\s*</${child}>)`, 'g'))) {
      const value = parse(match[0])?.documentElement.getAttribute('value');
      if (value !== null && value !== undefined) former.set(value, match[0]);
    }
    const indent = /^(\s*)</.exec(body)?.[1] ?? '\n    ';
    return open + labels.map((label) => indent + (former.get(label) ?? `<${child} value="${escapeAttribute(label)}"/>`)).join('') + close;
  });
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function escapeAttribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
