/** The page inside `<annotation-editor>`: shows the set-up and task that the page around it sends, and tells it what becomes of them. */
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/editor.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import { ActionRegistry } from '../core/actions';
import { ConfigError, parseConfig } from '../core/config';
import { AnnotationEditor } from '../core/editor';
import { expandConfig } from '../core/expand';
import { regionId } from '../core/ids';
import { problemsOf } from '../core/problems';
import { tagDefinition } from '../core/registry';
import { setCatalog, t } from '../core/text';
import type { ResultRow } from '../core/types';
import { readPageJson } from '../net/context';
import { LeadTime } from '../net/lead-time';
import type { Message } from '../net/session';
import type { OpenTab, Tab } from '../net/tabs';
import { Icon } from '../ui/icon';
import { listenToKeys } from '../ui/keyboard';
import { RelationPicking } from '../ui/relation-picking';
import { type Steps, sessionActions, type UiState } from '../ui/session-actions';
import { SidePanel } from '../ui/side-panel';
import { loadViews, Tag } from '../ui/tag-tree';
import { Toasts } from '../ui/toasts';
import type { Opening, Telling } from './annotation-editor';

/** One task without a server: submitting and skipping are told to the page around. */
class Embedded implements Steps {
  readonly place = signal<'loading' | 'task'>('loading');
  readonly tabs = signal<readonly Tab[]>([]);
  readonly open = signal<OpenTab | null>(null);
  readonly messages = signal<readonly Message[]>([]);
  readonly mode = 'quick';
  readonly context: Steps['context'];
  readonly actions = new ActionRegistry();
  private said = 0;

  constructor(
    private readonly tell: (message: Telling) => void,
    opening: Opening,
  ) {
    this.context = { project: { show_skip_button: opening.skippable } };
  }

  say(sentence: string, kind: Message['kind'] = 'info'): void {
    this.said += 1;
    const message = { id: this.said, sentence, kind };
    this.messages.value = [...this.messages.peek().slice(-3), message];
    setTimeout(() => this.dismiss(message.id), 5000);
  }

  dismiss(id: number): void {
    this.messages.value = this.messages.peek().filter((message) => message.id !== id);
  }

  show(opening: Opening): void {
    const root = expandConfig(parseConfig(opening.config), opening.task);
    const editor = new AnnotationEditor({
      root,
      data: opening.task,
      rows: opening.result,
      readonly: opening.readonly,
      actions: this.actions,
      say: (sentence, kind) => this.say(sentence, kind),
    });
    const tab: Tab = { key: 'new', kind: 'new', rows: opening.result, editable: !opening.readonly };
    editor.onTransaction(() => this.tell({ type: 'labelspace:change', result: editor.submission() }));
    this.tabs.value = [tab];
    this.open.value = { id: regionId(), tab, editor, sync: null, leadTime: new LeadTime(0), restoredAt: null, serverRows: opening.result };
  }

  async submit(): Promise<void> {
    const editor = this.open.peek()?.editor;
    if (!editor) return;
    editor.collect();
    const problems = problemsOf(editor);
    for (const { message } of problems) this.say(message, 'problem');
    if (problems.length === 0) this.tell({ type: 'labelspace:submit', result: editor.submission() as ResultRow[] });
  }

  async skip(): Promise<void> {
    this.tell({ type: 'labelspace:skip' });
  }

  // One task has no others around it.
  previousTask(): null {
    return null;
  }
  async goBack(): Promise<void> {}
  async goOn(): Promise<void> {}
  async openTab(): Promise<void> {}
  async addTab(): Promise<void> {}
}

const ui: UiState = {
  dialog: signal(''),
  relationFrom: signal(null),
  focusDetails: signal(''),
  sheet: signal(false),
  comments: signal(false),
  commented: signal(new Map()),
};

function Page({ steps, hasSide }: { steps: Embedded; hasSide: boolean }) {
  const open = steps.open.value;
  if (!open) return null;
  const { editor } = open;
  return (
    <div class={`labeling-view${hasSide ? ' has-side' : ''}`}>
      <div class="task-body">
        <section class="task-area" id="task-area" aria-label={t('Task')} key={open.id}>
          <Tag node={editor.root} editor={editor} />
          <RelationPicking editor={editor} ui={ui} />
        </section>
        {hasSide && <SidePanel session={steps} ui={ui} />}
      </div>
      <footer class="task-bottom">
        <button type="button" class="button button-quiet icon-button" aria-label={t('Undo')} disabled={!editor.canUndo.value} onClick={() => editor.undo()}>
          <Icon name="undo" />
        </button>
        <button type="button" class="button button-quiet icon-button" aria-label={t('Redo')} disabled={!editor.canRedo.value} onClick={() => editor.redo()}>
          <Icon name="redo" />
        </button>
        {steps.context.project.show_skip_button && (
          <button type="button" class="button button-quiet" onClick={() => void steps.skip()}>
            {t('Skip')}
          </button>
        )}
        <span class="task-bottom-space" />
        {hasSide && (
          <button
            type="button"
            class="button narrow-only"
            onClick={() => {
              ui.sheet.value = !ui.sheet.peek();
            }}
          >
            <Icon name="list" />
            {t('Regions')}
          </button>
        )}
        {!editor.readonly.value && (
          <button type="button" class="button button-primary submit" onClick={() => void steps.submit()}>
            {t('Submit')}
          </button>
        )}
      </footer>
      <Toasts session={steps} />
    </div>
  );
}

function begin(place: HTMLElement): void {
  let stop = () => {};
  let latest = 0;
  const tell = (message: Telling, to = '*') => parent.postMessage(message, to);
  addEventListener('message', async ({ source, origin, data: message }: MessageEvent<Opening>) => {
    if (source !== parent || message?.type !== 'labelspace:open') return;
    latest += 1;
    const mine = latest;
    const answer = (told: Telling) => tell(told, origin);
    const steps = new Embedded(answer, message);
    try {
      steps.show(message);
    } catch (error) {
      const at = error instanceof ConfigError ? `${error.line}:${error.column} ` : '';
      return answer({ type: 'labelspace:problem', message: at + (error instanceof Error ? error.message : String(error)) });
    }
    const editor = steps.open.peek()?.editor as AnnotationEditor;
    await loadViews(editor.root);
    if (mine !== latest) return;
    stop();
    render(null, place);
    const hasSide = [...editor.nodes.values()].some((node) => tagDefinition(node.tag)?.kind === 'region') || editor.regions.size > 0;
    const unregister = steps.actions.register(...sessionActions(steps, ui).filter(({ id }) => !id.startsWith('view:')));
    const stopKeys = listenToKeys(steps.actions, () => ({}));
    stop = () => {
      stopKeys();
      unregister();
    };
    render(<Page steps={steps} hasSide={hasSide} />, place);
    steps.place.value = 'task';
    answer({ type: 'labelspace:opened' });
  });
  tell({ type: 'labelspace:ready' });
}

const catalog = readPageJson<Record<string, string | string[]>>('catalog');
if (catalog) setCatalog(catalog, document.documentElement.lang || 'en');
const place = document.getElementById('editor');
if (place && parent !== window) begin(place);
