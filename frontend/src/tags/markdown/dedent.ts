/** Text without the indentation that all its lines share: that belongs to the XML around it, and would make a code block of it. */
export function dedent(text: string): string {
  const lines = text.replaceAll('\t', '    ').split('\n');
  const filled = lines.filter((line) => line.trim() !== '');
  // What follows the opening tag on its own line says nothing about the others.
  const others = lines[0]?.trim() === '' ? filled : filled.slice(1);
  const shared = Math.min(...others.map((line) => line.length - line.trimStart().length));
  if (!Number.isFinite(shared)) return text.trim();
  return lines
    .map((line, index) => (index === 0 ? line.trimStart() : line.slice(shared)))
    .join('\n')
    .trim();
}
