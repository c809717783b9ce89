import { attribute } from '../../core/node';
import { t } from '../../core/text';
import type { TagNode } from '../../core/types';

export interface Phrase {
  author: string;
  text: string;
  /** Seconds of the recording; null when the task does not say. */
  start: number | null;
  end: number | null;
}

const seconds = (value: unknown) => (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN);

/** The phrases of a task's value: a list, or its JSON. Throws a sentence when it is neither. */
export function readPhrases(node: TagNode, value: unknown): Phrase[] {
  let list = value;
  if (typeof value === 'string') {
    try {
      list = value.trim() === '' ? [] : JSON.parse(value);
    } catch {
      list = null;
    }
  }
  if (!Array.isArray(list)) throw new Error(t('Paragraphs need a list of phrases; this task has something else. Mend the data and import it again.'));
  const [nameKey, textKey] = [attribute(node, 'nameKey'), attribute(node, 'textKey')];
  const read = list.map((item: unknown): Phrase => {
    const phrase = (typeof item === 'object' && item !== null ? item : { [textKey]: item }) as Record<string, unknown>;
    const start = seconds(phrase.start);
    const end = Number.isNaN(seconds(phrase.end)) ? start + seconds(phrase.duration) : seconds(phrase.end);
    return {
      author: String(phrase[nameKey] ?? ''),
      text: String(phrase[textKey] ?? ''),
      start: Number.isNaN(start) ? null : start,
      end: Number.isNaN(end) ? null : end,
    };
  });
  // A phrase without an end lasts until the next one begins.
  for (const [index, phrase] of read.entries()) if (phrase.start !== null) phrase.end ??= read[index + 1]?.start ?? null;
  return read;
}

/** Which phrase is spoken at a time; -1 between them. */
export function phraseAt(phrases: readonly Phrase[], time: number): number {
  return phrases.findIndex(({ start, end }) => start !== null && start <= time && time < (end ?? Number.POSITIVE_INFINITY));
}
