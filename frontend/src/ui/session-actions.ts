/** What can be done while labelling, beside the labels themselves. Names and keys follow Label Studio's keymap where it has them. */
import type { Signal } from '@preact/signals';
import type { Action } from '../core/actions';
import { duplicate, setLocked } from '../core/region-edits';
import { addRelation } from '../core/relations';
import { t } from '../core/text';
import type { LabelingSession } from '../net/session';
import { revealRegion } from './anchors';

export interface UiState {
  dialog: Signal<'' | 'help' | 'palette' | 'instructions' | 'history' | 'settings' | 'task' | 'compare'>;
  /** The region a relation starts from, while its other end is being picked. */
  relationFrom: Signal<string | null>;
  /** Asks the details panel to put the focus on the region's note or first number. */
  focusDetails: Signal<'' | 'note' | 'first'>;
  /** Whether the bottom sheet with the regions is open (narrow windows). */
  sheet: Signal<boolean>;
  /** Whether the comments are shown. */
  comments: Signal<boolean>;
  /** How many open threads regions have. */
  commented: Signal<ReadonlyMap<string, number>>;
}

/** What the acts below need: a session, or the one task of an editor in another page. */
export interface Steps
  extends Pick<LabelingSession, 'place' | 'tabs' | 'open' | 'mode' | 'say' | 'submit' | 'skip' | 'previousTask' | 'goBack' | 'goOn' | 'openTab' | 'addTab'> {
  readonly context: { readonly project: Pick<LabelingSession['context']['project'], 'show_skip_button' | 'expert_instruction'> };
}

export function sessionActions(session: Steps, ui: UiState): Action[] {
  const editor = () => session.open.peek()?.editor;
  const chosen = () => [...(editor()?.selection.peek() ?? [])];
  const one = () => chosen()[0];
  const may = () => editor() !== undefined && !editor()?.readonly.peek();
  const hasChosen = () => chosen().length > 0;
  const step = (by: number) => {
    const at = editor();
    const list = at?.regions.list() ?? [];
    if (!at || list.length === 0) return false;
    const current = list.findIndex((region) => region.id === one());
    const next = list[(current + by + list.length) % list.length];
    if (next) {
      at.select([next.id]);
      revealRegion(at, next.id);
    }
    return true;
  };
  const annotation = t('Annotation');
  const regions = t('Regions');
  const view = t('View');
  const list: Action[] = [
    {
      id: 'annotation:submit',
      title: t('Submit or update'),
      group: annotation,
      keys: ['ctrl+enter'],
      inFields: true,
      when: () => may() && session.place.peek() === 'task',
      run: () => void session.submit(),
    },
    {
      id: 'annotation:skip',
      title: t('Skip'),
      group: annotation,
      keys: ['ctrl+space'],
      inFields: true,
      when: () => may() && session.context.project.show_skip_button !== false && session.open.peek()?.tab.kind !== 'prediction',
      run: () => void session.skip(),
    },
    {
      id: 'annotation:undo',
      title: t('Undo'),
      group: annotation,
      keys: ['ctrl+z'],
      when: () => editor()?.canUndo.peek() ?? false,
      run: () => editor()?.undo(),
    },
    {
      id: 'annotation:redo',
      title: t('Redo'),
      group: annotation,
      keys: ['ctrl+shift+z', 'ctrl+y'],
      when: () => editor()?.canRedo.peek() ?? false,
      run: () => editor()?.redo(),
    },
    {
      id: 'annotation:copy',
      title: t('Copy to a new annotation'),
      group: annotation,
      keys: ['ctrl+shift+d'],
      when: () => session.open.peek()?.tab.kind === 'prediction' || session.open.peek()?.tab.kind === 'annotation',
      run: () => void session.addTab(session.open.peek()?.tab),
    },
    {
      id: 'annotation:next-tab',
      title: t('Next annotation'),
      group: annotation,
      keys: ['alt+]'],
      when: () => session.tabs.peek().length > 1,
      run: () => switchTab(session, 1),
    },
    {
      id: 'annotation:previous-tab',
      title: t('Previous annotation'),
      group: annotation,
      keys: ['alt+['],
      when: () => session.tabs.peek().length > 1,
      run: () => switchTab(session, -1),
    },
    {
      id: 'task:previous',
      title: t('Previous task'),
      group: annotation,
      keys: ['alt+shift+left'],
      when: () => session.previousTask() !== null,
      run: () => void session.goBack(),
    },
    {
      id: 'task:next',
      title: t('Go on to the next task'),
      group: annotation,
      keys: ['alt+shift+right'],
      when: () => session.mode === 'stream',
      run: () => void session.goOn(),
    },
    {
      id: 'region:delete',
      title: t('Delete region'),
      group: regions,
      keys: ['backspace', 'delete'],
      when: () => may() && hasChosen(),
      run: () => editor()?.deleteRegions(chosen()),
    },
    {
      id: 'region:delete-all',
      title: t('Delete all regions'),
      group: regions,
      keys: ['ctrl+backspace'],
      when: () => may() && (editor()?.regions.size ?? 0) > 0,
      run: () => editor()?.deleteRegions((editor()?.regions.list() ?? []).map((region) => region.id)),
    },
    {
      id: 'region:focus',
      title: t('Select first region'),
      group: regions,
      keys: ['enter'],
      when: () => (editor()?.regions.size ?? 0) > 0 && !hasChosen(),
      run: () => step(1),
    },
    {
      id: 'region:edit',
      title: t('Edit the numbers of the region'),
      group: regions,
      keys: ['alt+e'],
      when: () => hasChosen(),
      run: () => {
        ui.focusDetails.value = 'first';
      },
    },
    { id: 'region:cycle', title: t('Next region'), group: regions, keys: ['alt+.'], when: () => (editor()?.regions.size ?? 0) > 0, run: () => step(1) },
    {
      id: 'region:cycle-back',
      title: t('Previous region'),
      group: regions,
      keys: ['alt+,'],
      when: () => (editor()?.regions.size ?? 0) > 0,
      run: () => step(-1),
    },
    {
      id: 'region:relation',
      title: t('Relate to another region'),
      group: regions,
      keys: ['alt+r'],
      when: () => may() && chosen().length >= 1,
      run: () => startRelation(session, ui),
    },
    {
      id: 'region:visibility',
      title: t('Hide or show region'),
      group: regions,
      keys: ['alt+h'],
      when: hasChosen,
      run: () => editor()?.setHidden(chosen(), !editor()?.isHidden(one() ?? '')),
    },
    {
      id: 'region:visibility-all',
      title: t('Hide or show all regions'),
      group: regions,
      keys: ['ctrl+h'],
      when: () => (editor()?.regions.size ?? 0) > 0,
      run: () => hideAll(session),
    },
    { id: 'region:lock', title: t('Lock or unlock region'), group: regions, keys: ['alt+l'], when: () => may() && hasChosen(), run: () => lock(session) },
    {
      id: 'region:meta',
      title: t('Write a note on the region'),
      group: regions,
      keys: ['alt+m'],
      when: () => may() && hasChosen(),
      run: () => {
        ui.focusDetails.value = 'note';
      },
    },
    {
      id: 'region:duplicate',
      title: t('Duplicate region'),
      group: regions,
      keys: ['ctrl+d'],
      when: () => may() && hasChosen(),
      run: () => duplicate(editor() as never, chosen()),
    },
    { id: 'region:unselect', title: t('Select nothing'), group: regions, keys: ['u'], when: hasChosen, run: () => editor()?.select([]) },
    { id: 'region:exit', title: t('Cancel what is half done'), group: regions, keys: ['escape'], inFields: true, run: () => leaveStep(session, ui) },
    {
      id: 'view:help',
      title: t('All keys'),
      group: view,
      keys: ['?'],
      run: () => {
        ui.dialog.value = 'help';
      },
    },
    {
      id: 'view:palette',
      title: t('Command palette'),
      group: view,
      keys: ['ctrl+k'],
      inFields: true,
      run: () => {
        ui.dialog.value = 'palette';
      },
    },
    {
      id: 'view:settings',
      title: t('Editor settings'),
      group: view,
      run: () => {
        ui.dialog.value = 'settings';
      },
    },
    {
      id: 'view:instructions',
      title: t('Instructions'),
      group: view,
      keys: ['alt+i'],
      when: () => Boolean(session.context.project.expert_instruction),
      run: () => {
        ui.dialog.value = 'instructions';
      },
    },
    {
      id: 'view:history',
      title: t('Versions of this annotation'),
      group: view,
      when: () => session.open.peek()?.tab.annotation !== undefined,
      run: () => {
        ui.dialog.value = 'history';
      },
    },
    {
      id: 'view:compare',
      title: t('Compare'),
      group: view,
      keys: ['alt+c'],
      when: () => session.tabs.peek().length > 1,
      run: () => {
        ui.dialog.value = 'compare';
      },
    },
    {
      id: 'view:comments',
      title: t('Comments'),
      group: view,
      keys: ['alt+k'],
      run: () => {
        ui.comments.value = !ui.comments.peek();
      },
    },
    {
      id: 'view:task',
      title: t('Data of this task'),
      group: view,
      run: () => {
        ui.dialog.value = 'task';
      },
    },
    { id: 'view:theme', title: t('Switch between light and dark'), group: view, run: switchTheme },
  ];
  for (let n = 1; n <= 9; n += 1) {
    list.push({
      id: `region:select-${n}`,
      title: t('Select region {number}', { number: n }),
      group: regions,
      keys: [`alt+shift+${n}`],
      quiet: true,
      when: () => (editor()?.regions.size ?? 0) >= n,
      run: () => {
        const region = editor()?.regions.list()[n - 1];
        if (region) editor()?.select([region.id]);
      },
    });
  }
  return list;
}

function switchTab(session: Steps, by: number): void {
  const tabs = session.tabs.peek();
  const at = tabs.findIndex((tab) => tab.key === session.open.peek()?.tab.key);
  const next = tabs[(at + by + tabs.length) % tabs.length];
  if (next) void session.openTab(next.key);
}

function startRelation(session: Steps, ui: UiState): void {
  const editor = session.open.peek()?.editor;
  const ids = [...(editor?.selection.peek() ?? [])];
  if (!editor || ids.length === 0) return;
  if (ids.length === 2) {
    addRelation(editor, ids[0] as string, ids[1] as string);
    return;
  }
  ui.relationFrom.value = ids[0] as string;
  session.say(t('Now choose the region it relates to, or press Escape.'));
}

function hideAll(session: Steps): void {
  const editor = session.open.peek()?.editor;
  if (!editor) return;
  const ids = editor.regions.list().map((region) => region.id);
  editor.setHidden(ids, !ids.every((id) => editor.hidden.peek().has(id)));
}

function lock(session: Steps): void {
  const editor = session.open.peek()?.editor;
  const ids = [...(editor?.selection.peek() ?? [])];
  const first = editor?.regions.get(ids[0] ?? '');
  if (editor && first) setLocked(editor, ids, !first.locked);
}

function leaveStep(session: Steps, ui: UiState): boolean {
  const editor = session.open.peek()?.editor;
  if (ui.relationFrom.peek() !== null) ui.relationFrom.value = null;
  else if (document.activeElement instanceof HTMLElement && document.activeElement.closest('.task-side, .question')) document.activeElement.blur();
  else if (editor && editor.selection.peek().size > 0) editor.select([]);
  else if (editor && editor.activeLabels.peek().size > 0) editor.clearLabels();
  else return false;
  return true;
}

/** Light or dark on this device; the server reads the cookie, so that pages never flash in the wrong colours. */
function switchTheme(): void {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  // biome-ignore lint/suspicious/noDocumentCookie: Firefox and Safari learnt the Cookie Store API only lately.
  document.cookie = `theme=${root.dataset.theme}; path=${root.dataset.root ?? '/'}; max-age=31536000; samesite=lax`;
}
