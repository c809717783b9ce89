/** The frames that a row of TimelineLabels marks. */
export function rangeOf(value: Readonly<Record<string, unknown>> | undefined): { start: number; end: number } | null {
  const [first] = Array.isArray(value?.ranges) ? (value.ranges as { start?: unknown; end?: unknown }[]) : [];
  return typeof first?.start === 'number' && typeof first.end === 'number' ? { start: first.start, end: first.end } : null;
}
