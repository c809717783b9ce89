/** The labelling page: reads what the page brings, starts the session, renders the editor. */
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/editor.css';
import { render } from 'preact';
import { ConfigError } from '../core/config';
import { setCatalog, t } from '../core/text';
import { type EditorContext, readPageJson } from '../net/context';
import { LabelingSession } from '../net/session';
import { App } from '../ui/app';

function start(root: HTMLElement, context: EditorContext): LabelingSession {
  const session = new LabelingSession(context);
  render(<App session={session} />, root);
  session.start().catch((error: unknown) => {
    session.failure.value =
      error instanceof ConfigError
        ? t('The labeling set-up of this project cannot be read (line {line}, column {column}: {reason}). A manager can mend it in the settings.', {
            line: error.line,
            column: error.column,
            reason: error.message,
          })
        : error instanceof Error
          ? error.message
          : String(error);
    session.place.value = 'broken';
  });
  addEventListener('pagehide', () => session.leave());
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? session.leave() : session.comeBack()));
  addEventListener('online', () => session.comeBack());
  return session;
}

const root = document.getElementById('editor');
const context = readPageJson<EditorContext>('editor-context');
const catalog = readPageJson<Record<string, string | string[]>>('catalog');
if (catalog) setCatalog(catalog, document.documentElement.lang || 'en');
if (root && context) {
  // The data page left here which tasks it wants labelled; without it the queue goes on.
  if (new URLSearchParams(location.search).get('of') === 'selection')
    context.selection = JSON.parse(sessionStorage.getItem(`labelspace.selection.${context.project.id}`) ?? 'null') as object | null;
  start(root, context);
}

const { outer } = document.documentElement.dataset;
if (outer && window.self !== window.top) void import('../pages/outer-address').then((part) => part.keepOuterAddress(outer));
