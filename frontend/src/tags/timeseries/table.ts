/** Columns of numbers from a CSV file or from JSON: only those that are asked for are kept. */

export interface Table {
  readonly rows: number;
  /** A column as texts are: for times. Null when there is none of this name or number. */
  column(name: string, read: (text: string) => number): Float64Array | null;
  /** Names of the columns, or their numbers where the file has none. */
  readonly names: readonly string[];
}

const plainNumber = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));

function placeOf(names: readonly string[], name: string): number {
  const exact = names.indexOf(name);
  if (exact >= 0) return exact;
  const loose = names.findIndex((candidate) => candidate.trim().toLowerCase() === name.trim().toLowerCase());
  if (loose >= 0) return loose;
  return /^\d+$/.test(name) && Number(name) < names.length ? Number(name) : -1;
}

/** The cells of one line; quotes hold separators and doubled quotes. */
export function cells(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const found: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] as string;
    if (quoted && character === '"' && line[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && line.startsWith(separator, at)) {
      found.push(cell);
      cell = '';
      at += separator.length - 1;
    } else cell += character;
  }
  return [...found, cell];
}

/** The cell of a line at a place, without making the others. */
function cellAt(line: string, separator: string, place: number): string {
  if (line.includes('"')) return cells(line, separator)[place] ?? '';
  let start = 0;
  for (let passed = 0; passed < place; passed += 1) {
    const next = line.indexOf(separator, start);
    if (next < 0) return '';
    start = next + separator.length;
  }
  const end = line.indexOf(separator, start);
  return end < 0 ? line.slice(start) : line.slice(start, end);
}

const SEPARATORS: Record<string, string> = { '\\t': '\t', tab: '\t', space: ' ' };

/** A CSV file. Its first line names the columns unless all of it is numbers. */
export function csvTable(text: string, sep: string): Table {
  const separator = SEPARATORS[sep] ?? (sep || ',');
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  const first = cells(lines[0] ?? '', separator);
  const isNamed = first.some((cell) => Number.isNaN(plainNumber(cell)));
  const names = isNamed ? first.map((name) => name.trim()) : first.map((_, index) => String(index));
  const from = isNamed ? 1 : 0;
  const rows = Math.max(0, lines.length - from);
  return {
    rows,
    names,
    column(name, read) {
      const place = placeOf(names, name);
      if (place < 0) return null;
      const values = new Float64Array(rows);
      for (let row = 0; row < rows; row += 1) values[row] = read(cellAt(lines[row + from] as string, separator, place));
      return values;
    },
  };
}

/** Columns (`{time: […], value: […]}`) or rows (`[{time, value}, …]`) of JSON. */
export function jsonTable(data: unknown): Table | null {
  if (typeof data !== 'object' || data === null) return null;
  const columns = new Map<string, readonly unknown[]>();
  if (Array.isArray(data)) {
    const names = Object.keys((data[0] as object | undefined) ?? {});
    for (const name of names)
      columns.set(
        name,
        data.map((row) => (row as Record<string, unknown> | null)?.[name]),
      );
  } else for (const [name, values] of Object.entries(data)) if (Array.isArray(values)) columns.set(name, values);
  const names = [...columns.keys()];
  const rows = Math.max(0, ...[...columns.values()].map((values) => values.length));
  return {
    rows,
    names,
    column(name, read) {
      const place = placeOf(names, name);
      const values = columns.get(names[place] ?? '');
      if (!values) return null;
      return Float64Array.from({ length: rows }, (_, row) => {
        const value = values[row];
        return value === null || value === undefined ? Number.NaN : read(String(value));
      });
    },
  };
}

/** A text that is one or the other. */
export function textTable(text: string, sep: string): Table | null {
  const start = text.trimStart()[0];
  return start === '{' || start === '[' ? jsonTable(JSON.parse(text)) : csvTable(text, sep);
}

export { plainNumber };
