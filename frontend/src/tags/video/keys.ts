/** Key frames and stretches of what is selected, by key and by button. */
import type { Action } from '../../core/actions';
import { t } from '../../core/text';
import type { Editor } from '../../core/types';
import { isSeen, type Sequence, sequenceOf, toggledKey, toggledSpan } from '../../timeline/keyframes';
import { frameOf } from './clock';

/** The tracked region that is selected. Reads signals. */
export function chosenTrack(editor: Editor, object: string): { id: string; sequence: Sequence } | null {
  void editor.regions.revision.value;
  for (const id of editor.selection.value) {
    const region = editor.regions.get(id);
    const sequence = region?.object === object ? sequenceOf(region.main.value) : [];
    if (sequence.length > 0) return { id, sequence };
  }
  return null;
}

export function trackActions(editor: Editor, object: string, seek: (frame: number) => void): Action[] {
  const group = t('Video');
  const clock = frameOf(editor, object);
  const change = (make: typeof toggledKey, label: string) => () => {
    const chosen = chosenTrack(editor, object);
    const { frame, rate } = clock.peek();
    if (chosen) editor.updateRegion(chosen.id, { sequence: make(chosen.sequence, frame, rate) }, { label });
  };
  const when = () => chosenTrack(editor, object) !== null;
  const editable = () => editor.canEdit(chosenTrack(editor, object)?.id ?? '');
  const step = (by: 1 | -1) => () => {
    const { frame } = clock.peek();
    const frames = chosenTrack(editor, object)?.sequence.map((key) => key.frame) ?? [];
    const next = by > 0 ? frames.find((key) => key > frame) : frames.findLast((key) => key < frame);
    if (next !== undefined) seek(next);
  };
  return [
    { id: 'video:key', title: t('Key frame here, or none'), group, keys: ['k'], when: editable, run: change(toggledKey, t('Key frame')) },
    { id: 'video:span', title: t('Gone from here on, or back'), group, keys: ['l'], when: editable, run: change(toggledSpan, t('Stretch')) },
    { id: 'video:key-back', title: t('Previous key frame'), group, keys: ['ctrl+left', 'shift+,'], when, run: step(-1) },
    { id: 'video:key-on', title: t('Next key frame'), group, keys: ['ctrl+right', 'shift+.'], when, run: step(1) },
  ];
}

/** Whether the selected region has a key frame at the frame that is shown, and whether it goes on from it. Reads signals. */
export function trackState(editor: Editor, object: string): { hasKey: boolean; goesOn: boolean } | null {
  const chosen = chosenTrack(editor, object);
  const { frame } = frameOf(editor, object).value;
  if (!chosen) return null;
  return { hasKey: chosen.sequence.some((key) => key.frame === frame), goesOn: isSeen(chosen.sequence, frame + 1) };
}
