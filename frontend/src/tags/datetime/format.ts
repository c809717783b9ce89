/** Dates as results hold them (`only`, `format` in strftime) to and from what the browser's date fields hold. */

export type Parts = 'date' | 'time' | 'date,time' | 'month,year' | 'year' | 'month';

/** The kind of field that `only` asks for; everything when it says nothing. */
export function partsOf(only: string): Parts {
  const asked = new Set(
    only
      .split(',')
      .map((part) => part.trim().toLowerCase())
      .filter(Boolean),
  );
  if (asked.has('date')) return asked.has('time') ? 'date,time' : 'date';
  if (asked.has('month') && asked.has('year')) return 'month,year';
  if (asked.has('year')) return 'year';
  if (asked.has('month')) return 'month';
  return asked.has('time') ? 'time' : 'date,time';
}

const MONTHS = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2026, month, 15)).toLocaleString('en', { month: 'long', timeZone: 'UTC' }));

interface Moment {
  Y: string;
  m: string;
  d: string;
  H: string;
  M: string;
  S: string;
}

const EMPTY: Moment = { Y: '1970', m: '01', d: '01', H: '00', M: '00', S: '00' };
const two = (value: number | string) => String(value).padStart(2, '0');

/** How each strftime code is written and read. `%y`, `%b`, `%B`, `%I`, `%p` beside the plain numbers. */
const CODES: Record<string, { pattern: string; write: (moment: Moment) => string; read: (text: string, moment: Moment) => void }> = {
  Y: {
    pattern: '\\d{4}',
    write: (moment) => moment.Y,
    read: (text, moment) => {
      moment.Y = text;
    },
  },
  y: {
    pattern: '\\d{2}',
    write: (moment) => moment.Y.slice(2),
    read: (text, moment) => {
      moment.Y = `${Number(text) < 69 ? '20' : '19'}${text}`;
    },
  },
  m: {
    pattern: '\\d{1,2}',
    write: (moment) => moment.m,
    read: (text, moment) => {
      moment.m = two(text);
    },
  },
  d: {
    pattern: '\\d{1,2}',
    write: (moment) => moment.d,
    read: (text, moment) => {
      moment.d = two(text);
    },
  },
  H: {
    pattern: '\\d{1,2}',
    write: (moment) => moment.H,
    read: (text, moment) => {
      moment.H = two(text);
    },
  },
  M: {
    pattern: '\\d{1,2}',
    write: (moment) => moment.M,
    read: (text, moment) => {
      moment.M = two(text);
    },
  },
  S: {
    pattern: '\\d{1,2}',
    write: (moment) => moment.S,
    read: (text, moment) => {
      moment.S = two(text);
    },
  },
  B: { pattern: '[A-Za-z]+', write: (moment) => MONTHS[Number(moment.m) - 1] ?? '', read: readMonth },
  b: { pattern: '[A-Za-z]+', write: (moment) => (MONTHS[Number(moment.m) - 1] ?? '').slice(0, 3), read: readMonth },
  I: {
    pattern: '\\d{1,2}',
    write: (moment) => two(Number(moment.H) % 12 || 12),
    read: (text, moment) => {
      moment.H = two(Number(text) % 12);
    },
  },
  p: {
    pattern: '[AaPp][Mm]',
    write: (moment) => (Number(moment.H) < 12 ? 'AM' : 'PM'),
    read: (text, moment) => {
      if (text.toLowerCase() === 'pm') moment.H = two((Number(moment.H) % 12) + 12);
    },
  },
};

function readMonth(text: string, moment: Moment): void {
  const month = MONTHS.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase().slice(0, 3)));
  if (month >= 0) moment.m = two(month + 1);
}

const DEFAULTS: Record<Parts, string> = {
  date: '%Y-%m-%d',
  time: '%H:%M',
  'date,time': '%Y-%m-%dT%H:%M',
  'month,year': '%Y-%m',
  year: '%Y',
  month: '%m',
};

function parse(text: string, format: string): Moment | null {
  const codes: string[] = [];
  const pattern = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%([A-Za-z])/g, (whole, code: string) => {
    if (!(code in CODES)) return whole;
    codes.push(code);
    return `(${CODES[code]?.pattern})`;
  });
  const found = new RegExp(`^${pattern}(?::\\d{2}(?:\\.\\d+)?Z?)?$`).exec(text.trim());
  if (!found) return null;
  const moment = { ...EMPTY };
  // AM and PM change the hour, so they are read last.
  const order = codes.map((code, index) => ({ code, text: found[index + 1] as string })).sort((a, b) => Number(a.code === 'p') - Number(b.code === 'p'));
  for (const part of order) CODES[part.code]?.read(part.text, moment);
  return moment;
}

function write(moment: Moment, format: string): string {
  return format.replace(/%([A-Za-z])/g, (whole, code: string) => CODES[code]?.write(moment) ?? whole);
}

/** A stored value as the browser's field wants it; `''` when it cannot be read. */
export function toField(stored: string, format: string, parts: Parts): string {
  const moment = parse(stored, format || DEFAULTS[parts]) ?? parse(stored, DEFAULTS[parts]);
  return moment ? write(moment, DEFAULTS[parts]) : '';
}

/** A field's value as it is stored. */
export function toStored(field: string, format: string, parts: Parts): string {
  const moment = parse(field, DEFAULTS[parts]);
  return moment && format ? write(moment, format) : field;
}
