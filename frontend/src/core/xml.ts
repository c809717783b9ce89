/** A small, strict XML reader for labeling configs: no document type, no entities of its own, bounded in size and depth. */

export interface XmlElement {
  name: string;
  attributes: [name: string, value: string][];
  children: XmlElement[];
  /** Text directly inside, CDATA included, comments dropped. */
  text: string;
  /** Inner markup in one spelling; filled only for elements that `isMarkup` names. */
  markup: string | null;
}

/** A config that cannot be read; `line` and `column` count from 1. */
export class ConfigError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, source: string, at: number) {
    super(message);
    const before = source.slice(0, at);
    this.line = before.split('\n').length;
    this.column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1;
  }
}

const MAX_BYTES = 1024 * 1024;
const MAX_ELEMENTS = 5000;
const MAX_DEPTH = 60;
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
const NAME = /[\p{L}_:][\p{L}\p{N}\p{M}_:.\-·]*/uy;
const BLANK = /[ \t\r\n]*/y;
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters XML does not allow.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

class Reader {
  private at = 0;
  private elements = 0;
  /** Where the tag that is being read begins. */
  private opened = 0;

  constructor(
    private readonly source: string,
    private readonly isMarkup: (name: string) => boolean,
  ) {}

  document(): XmlElement {
    const forbidden = FORBIDDEN.exec(this.source);
    if (forbidden) this.fail('This is not well-formed XML.', forbidden.index);
    this.skipOutside();
    if (this.at >= this.source.length) this.fail('The config is empty.');
    const root = this.element(1, false);
    this.skipOutside();
    if (this.at < this.source.length) this.fail('There is something after the end of the first tag.');
    return root;
  }

  private fail(message: string, at = this.at): never {
    throw new ConfigError(message, this.source, at);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private upTo(end: string, message: string): string {
    const stop = this.source.indexOf(end, this.at);
    if (stop < 0) this.fail(message);
    const found = this.source.slice(this.at, stop);
    this.at = stop + end.length;
    return found;
  }

  /** Comments and processing instructions; true when there was one. */
  private skipQuiet(): boolean {
    if (this.source.startsWith('<!--', this.at)) {
      this.at += 4;
      const body = this.upTo('-->', 'A comment is not closed.');
      if (body.includes('--') || body.endsWith('-')) this.fail('"--" is not allowed inside a comment.');
      return true;
    }
    if (this.source.startsWith('<?', this.at)) {
      this.upTo('?>', 'A processing instruction is not closed.');
      return true;
    }
    if (this.source.startsWith('<!DOCTYPE', this.at) || this.source.startsWith('<!ENTITY', this.at)) {
      this.fail('A document type is not allowed in a config.');
    }
    return false;
  }

  private skipOutside(): void {
    if (this.source[this.at] === '\ufeff') this.at += 1;
    do this.match(BLANK);
    while (this.skipQuiet());
    if (this.at < this.source.length && this.source[this.at] !== '<')
      this.fail(this.elements === 0 ? 'The config does not start with a tag.' : 'There is something after the end of the first tag.');
  }

  private element(depth: number, insideMarkup: boolean): XmlElement {
    if (depth > MAX_DEPTH) this.fail(`The config is nested more than ${MAX_DEPTH} levels deep.`);
    this.elements += 1;
    if (this.elements > MAX_ELEMENTS) this.fail(`The config has more than ${MAX_ELEMENTS} elements.`);
    this.opened = this.at;
    this.at += 1;
    const name = this.match(NAME);
    if (!name) this.fail('This is not well-formed XML.');
    const element: XmlElement = { name, attributes: this.attributes(), children: [], text: '', markup: null };
    const markup = !insideMarkup && this.isMarkup(name);
    if (this.source.startsWith('/>', this.at)) {
      this.at += 2;
      if (markup) element.markup = '';
      return element;
    }
    if (this.source[this.at] !== '>') this.fail('A "<" stands inside a tag or a value.');
    this.at += 1;
    const pieces: string[] = [];
    this.content(element, depth, insideMarkup || markup ? pieces : null);
    if (markup || insideMarkup) element.markup = pieces.join('');
    return element;
  }

  private content(element: XmlElement, depth: number, pieces: string[] | null): void {
    for (;;) {
      const stop = this.source.indexOf('<', this.at);
      if (stop < 0) this.fail('The config ends before its tags are closed.', this.source.length);
      if (stop > this.at) this.addText(element, pieces, this.decode(this.source.slice(this.at, stop), this.at, false));
      this.at = stop;
      if (this.source.startsWith('</', this.at)) break;
      if (this.source.startsWith('<![CDATA[', this.at)) {
        this.at += 9;
        this.addText(element, pieces, this.upTo(']]>', 'A CDATA section is not closed.').replace(/\r\n?/g, '\n'));
      } else if (!this.skipQuiet()) {
        const child = this.element(depth + 1, pieces !== null);
        if (pieces) pieces.push(written(child));
        else element.children.push(child);
      }
    }
    const opened = this.at;
    this.opened = opened;
    this.at += 2;
    const name = this.match(NAME);
    this.match(BLANK);
    if (name !== element.name) this.fail(`</${name}> does not close <${element.name}>, which is still open.`, opened + 2);
    if (this.source[this.at] !== '>') this.fail('The config ends in the middle of a tag.', this.opened);
    this.at += 1;
  }

  private addText(element: XmlElement, pieces: string[] | null, text: string): void {
    if (pieces) pieces.push(escaped(text));
    else element.text += text;
  }

  private attributes(): [string, string][] {
    const found: [string, string][] = [];
    for (;;) {
      const blank = this.match(BLANK);
      const next = this.source[this.at];
      if (next === '>' || next === '/' || next === undefined) {
        if (next === undefined) this.fail('The config ends in the middle of a tag.', this.opened);
        return found;
      }
      const start = this.at;
      const name = this.match(NAME);
      if (!name || !blank) this.fail('This is not well-formed XML.');
      this.match(BLANK);
      if (this.source[this.at] !== '=') this.fail('The value of an attribute is missing.');
      this.at += 1;
      this.match(BLANK);
      const quote = this.source[this.at];
      if (quote !== '"' && quote !== "'") this.fail('The value of an attribute is not in quotes.');
      this.at += 1;
      const from = this.at;
      const stop = this.source.indexOf(quote, this.at);
      if (stop < 0) this.fail('The config ends in the middle of a tag.', this.opened);
      const raw = this.source.slice(this.at, stop);
      this.at = stop + 1;
      const slip = raw.indexOf('<');
      if (slip >= 0) this.fail('A "<" stands inside a tag or a value.', from + slip);
      if (found.some(([known]) => known === name)) this.fail('An attribute stands twice in one tag.', start);
      found.push([name, this.decode(raw, from, true)]);
    }
  }

  /** Line ends and references; in values (`inTag`) all white space becomes spaces. */
  private decode(raw: string, from: number, inTag: boolean): string {
    let text = raw.replace(/\r\n?/g, '\n');
    if (inTag) text = text.replace(/[\t\n]/g, ' ');
    else if (text.includes(']]>')) this.fail('"]]>" is not allowed in text.', from);
    return text.replace(/&(#x[\da-fA-F]+;|#\d+;|\w+;)?/g, (_, body: string | undefined, at: number) => {
      if (body === undefined) this.fail('A lone "&" is not allowed.', from + at + 1);
      if (!body.startsWith('#')) return NAMED[body.slice(0, -1)] ?? this.fail('An unknown entity is used.', from + at);
      const code = body[1] === 'x' ? Number.parseInt(body.slice(2), 16) : Number.parseInt(body.slice(1), 10);
      const character = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '';
      if (!character || FORBIDDEN.test(character)) this.fail('A reference names a character that XML does not allow.', from + at);
      return character;
    });
  }
}

function written(element: XmlElement): string {
  const attributes = element.attributes.map(([name, value]) => ` ${name}="${escaped(value).replace(/"/g, '&quot;')}"`).join('');
  const inner = element.markup ?? '';
  if (inner === '') return VOID.has(element.name.toLowerCase()) ? `<${element.name}${attributes}>` : `<${element.name}${attributes}></${element.name}>`;
  return `<${element.name}${attributes}>${inner}</${element.name}>`;
}

/** Reads `source`; elements for which `isMarkup` holds keep their content as markup. Throws `ConfigError`. */
export function readXml(source: string, isMarkup: (name: string) => boolean): XmlElement {
  if (!source.trim()) throw new ConfigError('The config is empty.', source, 0);
  if (new TextEncoder().encode(source).length > MAX_BYTES) throw new ConfigError('The config is larger than 1 MB.', source, 0);
  return new Reader(source, isMarkup).document();
}
