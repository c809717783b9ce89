/** The editor without a server: `?case=<name>` chooses a project of `cases.ts`; `&mode=quick` opens one task with its tabs. */
import { contextFor } from './cases.ts';
import { fakeApi } from './fake-api.ts';

const query = new URLSearchParams(location.search);
const { context, tasks } = contextFor(query.get('case') ?? 'choices', query.get('mode') === 'quick' ? 'quick' : 'stream');
const theme = query.get('theme');
if (theme) document.documentElement.dataset.theme = theme;
const server = fakeApi(context, tasks);
window.fetch = server.fetch;
Object.assign(window, { fakeServer: server });

const element = document.createElement('script');
element.type = 'application/json';
element.id = 'editor-context';
element.textContent = JSON.stringify(context);
document.body.append(element);
await import('../src/islands/editor.tsx');
