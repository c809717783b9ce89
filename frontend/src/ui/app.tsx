import { type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { tagDefinition } from '../core/registry';
import { t } from '../core/text';
import type { TagNode } from '../core/types';
import type { LabelingSession } from '../net/session';
import { BottomBar } from './bottom-bar';
import { Dialogs } from './dialogs';
import { listenToKeys } from './keyboard';
import { lazy } from './lazy';
import { Places } from './places';
import { RelationPicking } from './relation-picking';
import { sessionActions, type UiState } from './session-actions';
import { SessionContext } from './session-context';
import { SidePanel } from './side-panel';
import { loadViews, Tag } from './tag-tree';
import { Toasts } from './toasts';
import { TopBar } from './top-bar';

function useUiState(session: LabelingSession): UiState {
  const instructions = session.context.project.show_instruction === true && Boolean(session.context.project.expert_instruction) && session.mode === 'stream';
  const dialog = useSignal<UiState['dialog']['value']>(instructions ? 'instructions' : '');
  const relationFrom = useSignal<string | null>(null);
  const focusDetails = useSignal<'' | 'note' | 'first'>('');
  const sheet = useSignal(false);
  const comments = useSignal(false);
  const commented = useSignal<ReadonlyMap<string, number>>(new Map());
  return useMemo(() => ({ dialog, relationFrom, focusDetails, sheet, comments, commented }), [dialog]);
}

const Comments = lazy(() => import('../comments/panel').then((part) => part.Comments));
const OneAnswer = lazy(() => import('./one-answer').then((part) => part.OneAnswer));
const Conflict = lazy(() => import('./conflict').then((part) => part.ConflictNotice));

/** The task and its annotation; keyed by the annotation, so that each has its own views. */
function TaskArea({ session, ui, ready }: { session: LabelingSession; ui: UiState; ready: Signal<TagNode | null> }) {
  const open = session.open.value;
  const editor = open?.editor;
  useEffect(() => {
    if (!editor) return;
    let alive = true;
    loadViews(editor.root).then(() => {
      if (alive) ready.value = editor.root;
    });
    return () => {
      alive = false;
    };
  }, [editor]);
  if (!open || !editor) return null;
  return (
    <section class="task-area" id="task-area" aria-label={t('Task')} key={open.id} data-open={open.id} data-readonly={editor.readonly.value || undefined}>
      {session.conflict.value && <Conflict session={session} />}
      {ready.value === editor.root && (
        <>
          <Tag node={editor.root} editor={editor} />
          <RelationPicking editor={editor} ui={ui} />
          {(session.settings.value.autoAdvance || matchMedia('(pointer: coarse)').matches) && <OneAnswer session={session} open={open} />}
        </>
      )}
    </section>
  );
}

export function App({ session }: { session: LabelingSession }) {
  const ui = useUiState(session);
  // Before the first paint: what is seen can be used.
  useLayoutEffect(() => {
    const stopKeys = listenToKeys(session.actions, () => session.context.user.custom_hotkeys ?? {});
    const unregister = session.actions.register(...sessionActions(session, ui));
    return () => {
      stopKeys();
      unregister();
    };
  }, [session, ui]);
  // The root whose tags' views and definitions are loaded.
  const ready = useSignal<TagNode | null>(null);
  const hasSide = useComputed(() => {
    void ready.value;
    const editor = session.open.value?.editor;
    void editor?.regions.revision.value;
    return editor ? [...editor.nodes.values()].some((node) => tagDefinition(node.tag)?.kind === 'region') || editor.regions.size > 0 : false;
  });
  // What is missing gets the focus, so that it can be answered at once.
  useSignalEffect(() => {
    if (session.problems.value.length === 0) return;
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.has-problem :is(input, textarea, select, button)')?.focus());
  });
  const inTask = session.place.value === 'task';
  return (
    <SessionContext.Provider value={session}>
      <div class={`labeling-view${hasSide.value && inTask ? ' has-side' : ''}`}>
        <TopBar
          onTask={() => {
            ui.dialog.value = 'task';
          }}
          onInstructions={() => {
            ui.dialog.value = 'instructions';
          }}
          onCompare={() => {
            ui.dialog.value = 'compare';
          }}
        />
        {inTask ? (
          <>
            <div class="task-body">
              <TaskArea session={session} ui={ui} ready={ready} />
              {hasSide.value && <SidePanel session={session} ui={ui} />}
              {(ui.comments.value || Boolean(session.task.value?.comment_count)) && <Comments session={session} ui={ui} />}
            </div>
            <BottomBar
              onHelp={() => {
                ui.dialog.value = 'help';
              }}
              onSettings={() => {
                ui.dialog.value = 'settings';
              }}
              onHistory={() => {
                ui.dialog.value = 'history';
              }}
              onComments={() => {
                ui.comments.value = !ui.comments.peek();
              }}
              onSheet={
                hasSide.value
                  ? () => {
                      ui.sheet.value = !ui.sheet.peek();
                    }
                  : null
              }
            />
          </>
        ) : (
          <Places session={session} />
        )}
        <Dialogs session={session} ui={ui} />
        <Toasts session={session} />
      </div>
    </SessionContext.Provider>
  );
}
