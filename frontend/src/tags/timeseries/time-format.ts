/** Times of a series in strftime's codes, to and from milliseconds. Without a zone they are taken and given as UTC. */

type Fields = Record<string, number>;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LONG = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

interface Code {
  pattern: string;
  read?: (text: string, fields: Fields) => void;
  write: (date: Date) => string;
}

const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
const number =
  (key: string, factor = 1) =>
  (text: string, fields: Fields) => {
    fields[key] = Number(text) * factor;
  };
const month = (text: string, fields: Fields) => {
  fields.m = MONTHS.indexOf(text.slice(0, 1).toUpperCase() + text.slice(1, 3).toLowerCase()) + 1;
};

const CODES: Record<string, Code> = {
  Y: { pattern: '\\d{4}', read: number('Y'), write: (date) => pad(date.getUTCFullYear(), 4) },
  y: {
    pattern: '\\d{2}',
    read: (text, fields) => {
      fields.Y = Number(text) + (Number(text) < 69 ? 2000 : 1900);
    },
    write: (date) => pad(date.getUTCFullYear() % 100),
  },
  m: { pattern: '\\d{1,2}', read: number('m'), write: (date) => pad(date.getUTCMonth() + 1) },
  b: { pattern: '[A-Za-z]{3}', read: month, write: (date) => MONTHS[date.getUTCMonth()] as string },
  B: { pattern: '[A-Za-z]+', read: month, write: (date) => LONG[date.getUTCMonth()] as string },
  d: { pattern: '\\d{1,2}', read: number('d'), write: (date) => pad(date.getUTCDate()) },
  e: { pattern: '\\d{1,2}', read: number('d'), write: (date) => String(date.getUTCDate()) },
  a: { pattern: '[A-Za-z]{3}', write: (date) => DAYS[date.getUTCDay()] as string },
  H: { pattern: '\\d{1,2}', read: number('H'), write: (date) => pad(date.getUTCHours()) },
  I: { pattern: '\\d{1,2}', read: (text, fields) => (fields.H = Number(text) % 12), write: (date) => pad(date.getUTCHours() % 12 || 12) },
  p: {
    pattern: '[AaPp][Mm]',
    read: (text, fields) => (fields.p = text.toLowerCase() === 'pm' ? 12 : 0),
    write: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  },
  M: { pattern: '\\d{1,2}', read: number('M'), write: (date) => pad(date.getUTCMinutes()) },
  S: { pattern: '\\d{1,2}', read: number('S'), write: (date) => pad(date.getUTCSeconds()) },
  L: { pattern: '\\d{3}', read: number('L'), write: (date) => pad(date.getUTCMilliseconds(), 3) },
  f: {
    pattern: '\\d{1,6}',
    read: (text, fields) => (fields.L = Number(`0.${text}`) * 1000),
    write: (date) => pad(date.getUTCMilliseconds() * 1000, 6),
  },
  s: { pattern: '\\d+', read: number('s', 1000), write: (date) => String(Math.floor(date.getTime() / 1000)) },
  Q: { pattern: '\\d+', read: number('s'), write: (date) => String(date.getTime()) },
  Z: { pattern: 'Z|[+-]\\d{2}:?\\d{2}', read: zone, write: () => 'Z' },
  z: { pattern: 'Z|[+-]\\d{2}:?\\d{2}', read: zone, write: () => '+0000' },
};

function zone(text: string, fields: Fields): void {
  const found = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (found) fields.z = (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * 60_000;
}

const expanded = (format: string) => format.replaceAll('%T', '%H:%M:%S').replaceAll('%D', '%m/%d/%y').replaceAll('%F', '%Y-%m-%d');

/** Reads times of this format: milliseconds, NaN where a text is none. */
export function timeReader(format: string): (text: string) => number {
  const codes: string[] = [];
  const pattern = expanded(format)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%([A-Za-z])/g, (whole, code: string) => {
      const known = CODES[code];
      if (!known) return whole;
      codes.push(code);
      return `(${known.pattern})`;
    });
  const whole = new RegExp(`^\\s*${pattern}\\s*$`);
  return (text) => {
    const found = whole.exec(text);
    if (!found) return Number.NaN;
    const fields: Fields = {};
    codes.forEach((code, index) => {
      CODES[code]?.read?.(found[index + 1] as string, fields);
    });
    if (fields.s !== undefined) return fields.s;
    const { Y = 1970, m = 1, d = 1, H = 0, p = 0, M = 0, S = 0, L = 0, z = 0 } = fields;
    return Date.UTC(Y, m - 1, d, H + p, M, S, L) - z;
  };
}

export function formatTime(time: number, format: string): string {
  const date = new Date(time);
  return expanded(format).replace(/%([A-Za-z%])/g, (whole, code: string) => (code === '%' ? '%' : (CODES[code]?.write(date) ?? whole)));
}

/** A number in the manner of d3's formats that configs use: `.2f`, `,.0f`, `.1%`, `.3e`, `d`; as it is for others. */
export function formatNumber(value: number, format: string): string {
  const found = /^(,)?(?:\.(\d+))?([fe%dgrs])?$/.exec(format.trim());
  if (!found || format.trim() === '') return String(Number(value.toPrecision(6)));
  const [, comma, digits, kind] = found;
  const places = digits === undefined ? undefined : Number(digits);
  if (kind === 'e') return value.toExponential(places);
  if (kind === 'd') return Math.round(value).toLocaleString('en', { useGrouping: comma === ',' });
  if (kind === '%') return `${(value * 100).toFixed(places ?? 0)}%`;
  if (kind === 'g' || kind === 'r') return value.toPrecision(places || 6);
  return value.toLocaleString('en', { useGrouping: comma === ',', minimumFractionDigits: places ?? 0, maximumFractionDigits: places ?? 6 });
}
