/** The addresses of an Image tag's pages. */
import type { TagNode } from '../../core/types';

const strings = (list: readonly unknown[]) => list.filter((item): item is string => typeof item === 'string' && item !== '');

/** What `valueList` or `value` says: one address per page; empty when the task has no image. */
export function imageSources(node: TagNode): string[] {
  const { valueList } = node.attributes;
  if (valueList) {
    if (!valueList.startsWith('[')) return [valueList];
    try {
      const parsed: unknown = JSON.parse(valueList);
      return Array.isArray(parsed) ? strings(parsed) : [];
    } catch {
      return [valueList];
    }
  }
  if (Array.isArray(node.value)) return strings(node.value);
  return typeof node.value === 'string' && node.value.trim() !== '' ? [node.value.trim()] : [];
}

/** Whether rows say which page they are on, as Label Studio's do for `valueList`. */
export function isPaged(node: TagNode): boolean {
  return Boolean(node.attributes.valueList) || Array.isArray(node.value);
}

/** Whether the address is of a description of tiles: Deep Zoom or IIIF. */
export function isTiles(source: string): boolean {
  return /(?:\.dzi|\/info\.json)(?:$|[?#])/i.test(source);
}

/** The last part of an address, to tell people which file it is. */
export function fileName(source: string): string {
  if (source.startsWith('data:')) return '';
  const path = source.split(/[?#]/)[0] ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    // A stray percent sign: the raw name is the best there is.
    return last;
  }
}
