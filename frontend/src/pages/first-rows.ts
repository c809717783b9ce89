/**
 * The first rows of a file, before anything is stored: media are looked at here, everything else by the server's own readers,
 * which get the beginning of the file and keep nothing.
 */
import { fetchJson, place, Refusal } from './http';

export type Row = Record<string, unknown>;

export interface FirstRows {
  rows: Row[];
  /** What is wrong with the file, a sentence each. */
  problems: string[];
}

const PIECE = 1 << 19; // bytes

/** Files without a name for their one column get the first variable of the set-up; until there is one, this. */
const UNNAMED = '$undefined$';

const MEDIA: Record<string, string> = {
  image: 'bmp gif jpg jpeg png svg webp avif tif tiff',
  audio: 'wav mp3 flac m4a ogg opus',
  video: 'mp4 webm',
  pdf: 'pdf',
};

export function extension(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** `image`, `audio`, `video`, `pdf`, or '' for other files. */
export function mediaKind(name: string): string {
  const wanted = extension(name);
  return Object.keys(MEDIA).find((kind) => MEDIA[kind]?.split(' ').includes(wanted)) ?? '';
}

export async function firstRows(file: File): Promise<FirstRows> {
  const media = mediaKind(file.name);
  if (media) return { rows: [{ [media]: URL.createObjectURL(file) }], problems: [] };
  const body = new FormData();
  body.append('file', file.slice(0, PIECE), file.name);
  body.append('size', String(file.size));
  try {
    const answer = await fetchJson<{ preview: Row[]; problems: string[]; kind: string }>(place('api/uploads/preview'), { method: 'POST', body });
    const name = answer.kind === 'html' ? 'html' : 'text';
    return { rows: answer.preview.map((row) => renamed(row, name)), problems: answer.problems };
  } catch (error) {
    // Without a connection the table is missing, no more: the import itself will say what is wrong.
    return { rows: [], problems: error instanceof Refusal ? [error.message] : [] };
  }
}

function renamed(row: Row, name: string): Row {
  if (!(UNNAMED in row)) return row;
  const { [UNNAMED]: value, ...rest } = row;
  return { ...rest, [name]: value };
}
