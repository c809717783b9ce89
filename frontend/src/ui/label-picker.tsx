/** The small list of labels that opens at a selected text when no label is active. */
import { useComputed } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../core/text';
import type { Editor } from '../core/types';
import type { Marker } from '../spans/marker';
import type { SpanBoard } from '../spans/span-board';
import { LabelChip } from './label-chip';

interface Props {
  marker: Marker;
  editor: Editor;
  board: () => SpanBoard | null;
  host: RefObject<HTMLDivElement | null>;
}

const MANY = 12;

export function LabelPicker({ marker, editor, board, host }: Props) {
  const pending = marker.pending.value;
  const panel = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState('');
  const labels = useComputed(() => marker.controls().flatMap((control) => editor.labelsOf(control.name).map((label) => ({ control, label })))).value;
  const shown = labels.filter(({ label }) => label.title.toLowerCase().includes(filter.trim().toLowerCase()));

  useLayoutEffect(() => {
    const box = pending && board()?.box(pending.start, pending.end);
    const origin = host.current?.getBoundingClientRect();
    if (!pending || !box || !origin || !panel.current) return;
    const width = panel.current.offsetWidth;
    panel.current.style.left = `${Math.max(0, Math.min(box.left - origin.left, origin.width - width))}px`;
    panel.current.style.top = `${box.bottom - origin.top + 6}px`;
  }, [pending]);

  useEffect(() => {
    if (!pending) return;
    setFilter('');
    const close = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      marker.pending.value = null;
      event.stopPropagation();
    };
    document.addEventListener('keydown', close, true);
    return () => document.removeEventListener('keydown', close, true);
  }, [pending]);

  if (!pending) return null;
  const choose = (entry: (typeof labels)[number] | undefined) => {
    if (!entry) return;
    marker.label(entry.control, entry.label.stored);
    board()?.layer.root.ownerDocument.getSelection()?.removeAllRanges();
  };
  const { showHotkeys, labelHotkeys } = editor.settings.value;
  return (
    <div ref={panel} class="label-picker" role="dialog" aria-label={t('Choose a label for the selected text')}>
      {labels.length > MANY && (
        <input
          class="input"
          type="search"
          placeholder={t('Find a label')}
          aria-label={t('Find a label')}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') choose(shown[0]);
          }}
        />
      )}
      <div class="label-list">
        {shown.map((entry) => (
          <LabelChip key={entry.label.node.key} label={entry.label} pressed={false} showKey={showHotkeys && labelHotkeys} onPress={() => choose(entry)} />
        ))}
      </div>
    </div>
  );
}
