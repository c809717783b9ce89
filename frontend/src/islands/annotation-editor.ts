/**
 * `<annotation-editor>`: the editor in a page of anybody's. It lives in a frame of this server, so that neither page's styles, scripts and
 * keys reach the other; what passes between them are the messages below. docs/embedding.md says what a page does with it.
 */
import type { ResultRow } from '../core/types';

/** What the element tells its frame to show. */
export interface Opening {
  type: 'labelspace:open';
  config: string;
  task: Record<string, unknown>;
  result: readonly ResultRow[];
  readonly: boolean;
  skippable: boolean;
}

/** What the frame tells the element. */
export type Telling =
  | { type: 'labelspace:ready' | 'labelspace:opened' }
  | { type: 'labelspace:change' | 'labelspace:submit'; result: ResultRow[] }
  | { type: 'labelspace:skip' }
  | { type: 'labelspace:problem'; message: string };

const STYLE = ':host { display: block; block-size: 600px } iframe { inline-size: 100%; block-size: 100%; border: 0 }';

/** Where the server is that this file came from: everything before its folder of files. */
const { origin, pathname } = new URL(import.meta.url);
const SERVER = origin + (pathname.split('/static/')[0] ?? '');

export class AnnotationEditorElement extends HTMLElement {
  static observedAttributes = ['config', 'task', 'result', 'readonly', 'skippable'];
  private readonly frame = document.createElement('iframe');
  private listening = false;
  private pending = false;
  private rows: readonly ResultRow[] = [];
  private data: Record<string, unknown> = {};
  private readonly hear = (event: MessageEvent<Telling>) => this.told(event);

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.frame.title = 'Annotation editor';
    root.append(this.frame);
  }

  /** The labeling set-up, as XML. */
  get config(): string {
    return this.getAttribute('config') ?? '';
  }

  set config(source: string) {
    this.setAttribute('config', source);
  }

  /** The data of the task, by the names that the set-up has: `{text: "…"}`. */
  get task(): Record<string, unknown> {
    return this.data;
  }

  set task(data: Record<string, unknown>) {
    this.data = data;
    this.open();
  }

  /** The result as it is now, in Label Studio's form; setting it opens it. */
  get result(): readonly ResultRow[] {
    return this.rows;
  }

  set result(rows: readonly ResultRow[]) {
    this.rows = rows;
    this.open();
  }

  get readonly(): boolean {
    return this.hasAttribute('readonly');
  }

  set readonly(on: boolean) {
    this.toggleAttribute('readonly', on);
  }

  connectedCallback(): void {
    addEventListener('message', this.hear);
    this.frame.src = `${SERVER}/embed/`;
  }

  disconnectedCallback(): void {
    removeEventListener('message', this.hear);
    this.listening = false;
  }

  attributeChangedCallback(name: string, _old: string | null, value: string | null): void {
    if (name === 'task' && value) this.data = JSON.parse(value);
    if (name === 'result' && value) this.rows = JSON.parse(value);
    this.open();
  }

  override focus(): void {
    this.frame.focus();
  }

  /** Changes of one moment are opened together. */
  private open(): void {
    if (!this.listening || this.pending) return;
    this.pending = true;
    queueMicrotask(() => {
      this.pending = false;
      const message: Opening = {
        type: 'labelspace:open',
        config: this.config,
        task: this.data,
        result: this.rows,
        readonly: this.readonly,
        skippable: this.hasAttribute('skippable'),
      };
      this.frame.contentWindow?.postMessage(message, origin);
    });
  }

  private told({ source, data: message }: MessageEvent<Telling>): void {
    if (source !== this.frame.contentWindow || typeof message?.type !== 'string') return;
    if (message.type === 'labelspace:ready') {
      this.listening = true;
      this.open();
      return;
    }
    if ('result' in message) this.rows = message.result;
    const detail = 'message' in message ? { message: message.message } : { result: this.rows };
    this.dispatchEvent(new CustomEvent(message.type === 'labelspace:opened' ? 'ready' : message.type.slice('labelspace:'.length), { detail }));
  }
}

customElements.define('annotation-editor', AnnotationEditorElement);
