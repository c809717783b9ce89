/**
 * Tasks that ask one thing are answered by one key, or by one swipe on a touch screen: left is the first of two choices, right the second.
 * In the stream the answer is sent at once and the next task comes; "Previous task" brings it back.
 */
import './one-answer.css';
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { attribute, flag } from '../core/node';
import { tagSpec } from '../core/tag-table';
import type { Editor, TagNode } from '../core/types';
import type { LabelingSession } from '../net/session';
import type { OpenTab } from '../net/tabs';
import { isPicked, type Option, optionsBelow, toggleOption } from '../tags/choices/picked';

/** So far a finger goes before it means something, in CSS pixels, and so much more across than down. */
const FAR = 72;
const ACROSS = 1.6;

/** What uses sideways movements itself. */
const OWN = 'canvas, input, textarea, select, video, audio, iframe, [role="application"], [role="slider"], .label-list';

/** The one question of the task, when it is a plain choice of one. */
function onlyQuestion(editor: Editor): TagNode | null {
  const [control, ...others] = [...editor.nodes.values()].filter((node) => tagSpec(node.tag)?.kind === 'control');
  const isPlain = control?.tag === 'Choices' && attribute(control, 'choice') !== 'multiple' && !flag(control, 'perRegion') && !flag(control, 'allowNested');
  return isPlain && others.length === 0 ? control : null;
}

function Swipe({ session, open, control, pair }: { session: LabelingSession; open: OpenTab; control: TagNode; pair: readonly [Option, Option] }) {
  const moved = useSignal(0);
  useEffect(() => {
    const area = document.getElementById('task-area');
    if (!area) return;
    let start: { x: number; y: number } | null = null;
    const across = (touch: Touch | undefined) => {
      if (!start || !touch) return 0;
      const [x, y] = [touch.clientX - start.x, touch.clientY - start.y];
      return Math.abs(x) > Math.abs(y) * ACROSS ? x : 0;
    };
    const begin = (event: TouchEvent) => {
      const [touch] = event.touches;
      const isOwn = event.target instanceof Element && event.target.closest(OWN) !== null;
      start = event.touches.length === 1 && touch && !isOwn ? { x: touch.clientX, y: touch.clientY } : null;
      moved.value = 0;
    };
    const move = (event: TouchEvent) => {
      moved.value = across(event.touches[0]);
    };
    const end = (event: TouchEvent) => {
      const by = across(event.changedTouches[0]);
      start = null;
      moved.value = 0;
      if (Math.abs(by) < FAR || session.open.peek() !== open || open.editor.readonly.peek()) return;
      const option = pair[by < 0 ? 0 : 1];
      if (!isPicked(open.editor.answer(control), option)) toggleOption(open.editor, control, option);
      if (session.mode === 'stream' && !session.settings.peek().autoAdvance) void session.submit();
    };
    const cancel = () => {
      start = null;
      moved.value = 0;
    };
    area.addEventListener('touchstart', begin, { passive: true });
    area.addEventListener('touchmove', move, { passive: true });
    area.addEventListener('touchend', end);
    area.addEventListener('touchcancel', cancel);
    area.dataset.swipe = 'ready';
    return () => {
      area.removeEventListener('touchstart', begin);
      area.removeEventListener('touchmove', move);
      area.removeEventListener('touchend', end);
      area.removeEventListener('touchcancel', cancel);
    };
  }, [session, open, control, pair]);
  const side = (at: 0 | 1) => (
    <span class={(at === 0 ? moved.value < -FAR : moved.value > FAR) ? 'is-picked' : ''}>{at === 0 ? `← ${pair[0].title}` : `${pair[1].title} →`}</span>
  );
  return (
    <p class="swipe-hint" aria-hidden="true">
      {side(0)}
      {side(1)}
    </p>
  );
}

export function OneAnswer({ session, open }: { session: LabelingSession; open: OpenTab }) {
  const { editor, tab } = open;
  const control = onlyQuestion(editor);
  // Before the first paint: the first key counts.
  useLayoutEffect(() => {
    if (!control || tab.kind !== 'new' || session.mode !== 'stream') return;
    const area = document.getElementById('task-area');
    if (area) area.dataset.oneAnswer = 'ready';
    return editor.onTransaction(({ origin }) => {
      if (origin !== 'user' || !session.settings.peek().autoAdvance || !editor.answer(control)) return;
      queueMicrotask(() => session.open.peek() === open && void session.submit());
    });
  }, [session, open, control]);
  const options = control ? optionsBelow(control) : [];
  const touches = matchMedia('(pointer: coarse)').matches;
  if (!control || !touches || options.length !== 2 || editor.readonly.value) return null;
  return <Swipe session={session} open={open} control={control} pair={options as [Option, Option]} />;
}
