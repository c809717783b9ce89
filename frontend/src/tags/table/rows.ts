/** What a Table shows of a value: names with values, or one row per entry of a list of objects. */
import { isRecord } from '../../core/variables';

export interface TableRows {
  head: readonly string[] | null;
  rows: readonly (readonly string[])[];
}

const words = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));

/** `value` may be JSON text. Throws `message` when it is no table. */
export function tableRows(value: unknown, message: string): TableRows {
  let data = value;
  if (typeof value === 'string') {
    try {
      data = JSON.parse(value);
    } catch {
      throw new Error(message);
    }
  }
  if (isRecord(data)) return { head: null, rows: Object.entries(data).map(([name, entry]) => [name, words(entry)]) };
  if (!Array.isArray(data)) throw new Error(message);
  if (data.every((entry) => isRecord(entry) && 'type' in entry && 'value' in entry && Object.keys(entry).length === 2))
    return { head: null, rows: data.map((entry) => [words(entry.type), words(entry.value)]) };
  if (data.every(isRecord)) {
    const head = [...new Set(data.flatMap((entry) => Object.keys(entry)))];
    return { head, rows: data.map((entry) => head.map((name) => words(entry[name]))) };
  }
  if (data.every(Array.isArray)) return { head: null, rows: data.map((entry: unknown[]) => entry.map(words)) };
  return { head: null, rows: data.map((entry, index) => [String(index + 1), words(entry)]) };
}
