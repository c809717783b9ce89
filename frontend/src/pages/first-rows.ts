/**
 * The first rows of a file, read in the browser: enough to show what would be imported, without reading the whole.
 * The server's readers decide; this only looks ahead.
 */
export type Row = Record<string, unknown>;

export interface FirstRows {
  rows: Row[];
  /** How the file is understood, in a word. */
  format: string;
  /** Why nothing can be shown. */
  problem?: string;
}

export const MOST_ROWS = 5;
const LOOK_AT = 1 << 19; // bytes

const MEDIA: Record<string, string> = {
  bmp: 'image', gif: 'image', jpg: 'image', jpeg: 'image', png: 'image', svg: 'image', webp: 'image', avif: 'image',
  wav: 'audio', mp3: 'audio', flac: 'audio', m4a: 'audio', ogg: 'audio', opus: 'audio',
  mp4: 'video', webm: 'video',
  pdf: 'pdf', html: 'html', htm: 'html', xml: 'html',
};

export function extension(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** `image`, `audio`, `video`, `pdf`, `html`, or '' for a file of rows. */
export function mediaKind(name: string): string {
  return MEDIA[extension(name)] ?? '';
}

export async function firstRows(file: File): Promise<FirstRows> {
  const media = mediaKind(file.name);
  if (media) return { rows: [{ [media]: URL.createObjectURL(file) }], format: media };
  const whole = file.size <= LOOK_AT;
  const text = (await file.slice(0, LOOK_AT).text()).replace(/^\uFEFF/, '');
  switch (extension(file.name)) {
    case 'csv':
      return { rows: delimited(text, delimiter(text), whole), format: 'CSV' };
    case 'tsv':
      return { rows: delimited(text, '\t', whole), format: 'TSV' };
    case 'txt':
      return { rows: lines(text, whole).slice(0, MOST_ROWS).map((line) => ({ text: line })), format: 'TXT' };
    case 'jsonl':
    case 'ndjson':
      return objects(lines(text, whole).slice(0, MOST_ROWS).join(' '), 'JSONL');
    case 'json':
      return objects(text, 'JSON');
    default:
      return { rows: [], format: '', problem: 'This kind of file cannot be imported.' };
  }
}

function lines(text: string, whole: boolean): string[] {
  const all = text.split(/\r\n|\n|\r/);
  if (!whole) all.pop();
  return all.filter((line) => line.trim());
}

function delimiter(text: string): string {
  const head = text.slice(0, text.search(/[\r\n]/) + 1 || undefined);
  const count = (mark: string) => head.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** RFC 4180: quoted fields may hold delimiters, doubled quotes and line ends. A last, cut row is left out. */
export function delimited(text: string, mark: string, whole = true): Row[] {
  const table: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  let ended = true;
  for (let at = 0; at < text.length && table.length <= MOST_ROWS; at++) {
    const sign = text[at] as string;
    ended = false;
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else quoted = false;
    } else if (sign === '"' && field === '') quoted = true;
    else if (sign === mark) {
      row.push(field);
      field = '';
    } else if (sign === '\n' || sign === '\r') {
      if (sign === '\r' && text[at + 1] === '\n') at++;
      row.push(field);
      if (row.length > 1 || row[0] !== '') table.push(row);
      row = [];
      field = '';
      ended = true;
    } else field += sign;
  }
  if (!ended && whole && table.length <= MOST_ROWS) table.push([...row, field]);
  const [head, ...body] = table;
  return head ? body.slice(0, MOST_ROWS).map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? '']))) : [];
}

function objects(text: string, format: string): FirstRows {
  const rows = leadingObjects(text, MOST_ROWS).map((value) => {
    const data = (value as { data?: unknown }).data;
    return (data && typeof data === 'object' && !Array.isArray(data) ? data : value) as Row;
  });
  return rows.length ? { rows, format } : { rows, format, problem: 'There is no object to make a task of.' };
}

/** The first complete JSON objects of a text, also when its end is cut off. */
export function leadingObjects(text: string, most: number): object[] {
  const found: object[] = [];
  let depth = 0;
  let start = -1;
  let inString = false;
  for (let at = 0; at < text.length && found.length < most; at++) {
    const sign = text[at];
    if (inString) {
      if (sign === '\\') at++;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === '{') {
      if (depth++ === 0) start = at;
    } else if (sign === '}' && --depth === 0) {
      try {
        found.push(JSON.parse(text.slice(start, at + 1)) as object);
      } catch {
        return found;
      }
    }
  }
  return found;
}
