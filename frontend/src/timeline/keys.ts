/** What keys do on a timeline: play, step, mark, move, zoom. One timeline has them at a time: the one that was used last. */
import type { Action } from '../core/actions';
import { t } from '../core/text';
import type { Editor } from '../core/types';
import type { TimeAxis } from './axis';
import type { RangeTrack } from './track';

export interface TimelineKeys {
  axis: TimeAxis;
  /** Null where nothing is marked on the timeline. */
  track: () => RangeTrack | null;
  /** Where the cursor is, in the axis's unit. */
  now: () => number;
  seek: (time: number) => void;
  /** What an arrow key moves the cursor by, and an arrow key with Shift; `direction` is 1 or -1. */
  step: (direction: number) => number;
  farStep: (direction: number) => number;
  /** Plays or pauses. */
  toggle?: () => unknown;
  /** Plays what is selected. */
  playChosen?: () => unknown;
  /** The config's own key to play and pause. */
  hotkey?: string;
}

export function timelineActions(keys: TimelineKeys): Action[] {
  const group = t('Timeline');
  const { axis, track, toggle, now, seek, step, farStep } = keys;
  const to = (time: () => number) => () => {
    seek(time());
    axis.reveal(now());
  };
  const go = (by: () => number) => to(() => now() + by());
  const actions: Action[] = [
    { id: 'timeline:back', title: t('Step back'), group, keys: ['left', ',', 'alt+a'], run: go(() => step(-1)) },
    { id: 'timeline:on', title: t('Step on'), group, keys: ['right', '.', 'alt+d'], run: go(() => step(1)) },
    { id: 'timeline:far-back', title: t('Far back'), group, keys: ['shift+left'], run: go(() => farStep(-1)) },
    { id: 'timeline:far-on', title: t('Far on'), group, keys: ['shift+right'], run: go(() => farStep(1)) },
    { id: 'timeline:begin', title: t('To the start'), group, keys: ['home', 'ctrl+b'], run: to(() => axis.extent.peek().start) },
    { id: 'timeline:end', title: t('To the end'), group, keys: ['end'], run: to(() => axis.extent.peek().end) },
    { id: 'timeline:zoom-in', title: t('Zoom in'), group, keys: ['ctrl+plus'], run: () => axis.zoom(1.5, now()) },
    { id: 'timeline:zoom-out', title: t('Zoom out'), group, keys: ['ctrl+minus'], run: () => axis.zoom(1 / 1.5, now()) },
    { id: 'timeline:zoom-all', title: t('Show all'), group, keys: ['shift+1'], run: () => axis.show(axis.extent.peek().start, axis.extent.peek().end) },
  ];
  if (toggle)
    actions.push({
      id: 'timeline:play',
      title: t('Play or pause'),
      group,
      keys: ['space', 'ctrl+p', ...(keys.hotkey ? [keys.hotkey] : [])],
      run: () => toggle(),
    });
  if (keys.playChosen) {
    const { playChosen } = keys;
    actions.push({ id: 'timeline:play-region', title: t('Play the selected region'), group, keys: ['shift+space'], run: () => playChosen() });
  }
  const marks = () => track() !== null;
  const moves = () => track()?.canNudge === true;
  actions.push(
    { id: 'timeline:mark-start', title: t('Start of the region: here'), group, keys: ['['], when: marks, run: () => track()?.markStart(now()) },
    { id: 'timeline:mark-end', title: t('End of the region: here'), group, keys: [']'], when: marks, run: () => track()?.markEnd(now()) },
    { id: 'timeline:move-back', title: t('Move the region back'), group, keys: ['alt+left'], when: moves, run: () => track()?.nudge(step(-1)) },
    { id: 'timeline:move-on', title: t('Move the region on'), group, keys: ['alt+right'], when: moves, run: () => track()?.nudge(step(1)) },
    // Not mine when nothing waits: Escape then ends the selection.
    { id: 'timeline:drop', title: t('Drop what is being drawn'), group, keys: ['escape'], quiet: true, when: marks, run: () => track()?.drop() ?? false },
  );
  return actions;
}

/** Registers them now, and again whenever somebody turns to `element`. Returns the function that ends it. */
export function holdKeys(editor: Editor, element: HTMLElement, actions: readonly Action[]): () => void {
  let unregister = editor.actions.register(...actions);
  const claim = () => {
    unregister();
    unregister = editor.actions.register(...actions);
  };
  element.addEventListener('pointerdown', claim);
  element.addEventListener('focusin', claim);
  return () => {
    element.removeEventListener('pointerdown', claim);
    element.removeEventListener('focusin', claim);
    unregister();
  };
}
