/** Colours of labels: twelve that stay apart for colour-blind eyes and read on light and dark. */
export const LABEL_COLORS = [
  '#4477aa',
  '#ee6677',
  '#228833',
  '#ccbb44',
  '#9467bd',
  '#ee7733',
  '#0fa3b1',
  '#aa3377',
  '#8c6d53',
  '#6b8e23',
  '#d4699c',
  '#5b6ee1',
] as const;

/** The colour of a label that has none of its own: by its place in the config, so that neighbours differ. */
export function colorAt(index: number): string {
  return LABEL_COLORS[index % LABEL_COLORS.length] as string;
}

/** The colour of a label that is in results but not in the config: the same for the same text. */
export function colorOfText(text: string): string {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) as number)) | 0;
  return colorAt(Math.abs(hash));
}
