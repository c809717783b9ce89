import { useComputed, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { duplicate, noteOf, setLocked, setNote, setParent } from '../core/region-edits';
import { t } from '../core/text';
import type { Editor, Region, RegionField } from '../core/types';
import { describeRegion, fieldsOf, panelQuestions } from './describe';
import { Icon } from './icon';
import { regionTitle } from './region-title';
import type { UiState } from './session-actions';
import { Tag } from './tag-tree';

function NumberField({ editor, region, field }: { editor: Editor; region: Region; field: RegionField }) {
  const value = field.read ? field.read(region.main) : (region.main.value?.[field.key] as number);
  const shown = Number(value.toFixed(field.digits ?? 2));
  return (
    <label class="number-field">
      <span>{field.title}</span>
      <input
        class="input"
        type="number"
        value={shown}
        min={field.min}
        max={field.max}
        step={field.step ?? 'any'}
        disabled={!editor.canEdit(region.id)}
        onInput={(event) => {
          const typed = event.currentTarget.valueAsNumber;
          if (Number.isNaN(typed) || typed === shown) return;
          const low = field.min ?? Number.NEGATIVE_INFINITY;
          const high = field.max ?? Number.POSITIVE_INFINITY;
          const clamped = Math.min(high, Math.max(low, typed));
          editor.updateRegion(region.id, field.apply?.(clamped, region.main, editor) ?? { [field.key]: clamped }, { merge: `field ${region.id} ${field.key}` });
        }}
      />
      {field.unit && <span class="unit">{field.unit}</span>}
    </label>
  );
}

function Note({ editor, region, ui }: { editor: Editor; region: Region; ui: UiState }) {
  const note = noteOf(region.rows);
  const input = useRef<HTMLTextAreaElement>(null);
  useSignalEffect(() => {
    if (ui.focusDetails.value !== 'note') return;
    ui.focusDetails.value = '';
    requestAnimationFrame(() => input.current?.focus());
  });
  return (
    <label class="field note-field">
      <span>{t('Note')}</span>
      <textarea
        ref={input}
        class="input"
        rows={1}
        value={note}
        disabled={!editor.canEdit(region.id)}
        onChange={(event) => setNote(editor, region.id, event.currentTarget.value.trim())}
      />
    </label>
  );
}

function Actions({ editor, ids, ui }: { editor: Editor; ids: readonly string[]; ui: UiState }) {
  const first = editor.regions.get(ids[0] ?? '');
  const readonly = editor.readonly.value;
  const hidden = ids.every((id) => editor.hidden.value.has(id));
  const button = (name: string, title: string, run: () => void, disabled = false) => (
    <button type="button" class="button button-quiet icon-button" aria-label={title} title={title} disabled={disabled} onClick={run}>
      <Icon name={name} />
    </button>
  );
  return (
    <div class="button-row region-actions">
      {ids.length === 1 &&
        button(
          'link',
          t('Relate to another region'),
          () => {
            ui.relationFrom.value = ids[0] as string;
          },
          readonly,
        )}
      {button('copy', t('Duplicate'), () => void duplicate(editor, ids), readonly)}
      {button(first?.locked ? 'lock' : 'unlock', first?.locked ? t('Unlock') : t('Lock'), () => setLocked(editor, ids, !first?.locked), readonly)}
      {button(hidden ? 'eye-off' : 'eye', hidden ? t('Show') : t('Hide'), () => editor.setHidden(ids, !hidden))}
      {button('trash', t('Delete'), () => editor.deleteRegions(ids), readonly || first?.locked)}
    </div>
  );
}

function Parent({ editor, region }: { editor: Editor; region: Region }) {
  const others = editor.regions.list();
  // Choosing among thousands in a list helps nobody.
  if (others.length < 2 || others.length > 200) return null;
  return (
    <label class="number-field">
      <span>{t('Part of')}</span>
      <select
        class="select"
        value={region.parent ?? ''}
        disabled={!editor.canEdit(region.id)}
        onChange={(event) => setParent(editor, region.id, event.currentTarget.value || null)}
      >
        <option value="">{t('Nothing')}</option>
        {others.map((other, index) =>
          other.id === region.id ? null : (
            <option key={other.id} value={other.id}>
              {`${index + 1} ${regionTitle(editor, other)}`}
            </option>
          ),
        )}
      </select>
    </label>
  );
}

function OneRegion({ editor, region, ui }: { editor: Editor; region: Region; ui: UiState }) {
  const fields = fieldsOf(editor, region);
  const panel = useRef<HTMLElement>(null);
  const words = describeRegion(editor, region);
  useSignalEffect(() => {
    if (ui.focusDetails.value !== 'first') return;
    ui.focusDetails.value = '';
    requestAnimationFrame(() => panel.current?.querySelector<HTMLElement>('input, textarea, select')?.focus());
  });
  return (
    <section ref={panel} class="details" aria-label={t('Selected region')}>
      <header class="panel-head">
        <h2 ref={(title) => title?.style.setProperty('--label-color', editor.colorOf(region))}>
          <span class="label-swatch" aria-hidden="true" /> {regionTitle(editor, region)}
        </h2>
        <Actions editor={editor} ids={[region.id]} ui={ui} />
      </header>
      {words && fields.every((field) => field.key !== 'width') && <blockquote class="region-quote">{words}</blockquote>}
      {fields.length > 0 && (
        <div class="number-fields">
          {fields.map((field) => (
            <NumberField key={field.key} editor={editor} region={region} field={field} />
          ))}
        </div>
      )}
      {panelQuestions(editor, region.main).map((node) => (
        <Tag key={node.key} node={node} editor={editor} />
      ))}
      <Note key={region.id} editor={editor} region={region} ui={ui} />
      <Parent editor={editor} region={region} />
      <p class="hint region-origin">
        {region.main.origin === 'prediction' ? t('Predicted, unchanged') : region.main.origin === 'prediction-changed' ? t('Predicted, then changed') : ''}
        {region.score !== null && ` · ${region.score.toFixed(3)}`}
      </p>
    </section>
  );
}

/** What is selected: numbers to type over, its answers, its note. Nothing when nothing is selected. */
export function Details({ editor, ui }: { editor: Editor; ui: UiState }) {
  const regions = useComputed(() => {
    void editor.regions.revision.value;
    return [...editor.selection.value].map((id) => editor.regions.get(id)).filter((region) => region !== undefined);
  }).value;
  if (regions.length === 0) return null;
  if (regions.length === 1) return <OneRegion editor={editor} region={regions[0] as Region} ui={ui} />;
  return (
    <section class="details" aria-label={t('Selected regions')}>
      <header class="panel-head">
        <h2>{t('{count} regions selected', { count: regions.length })}</h2>
        <Actions editor={editor} ids={regions.map((region) => region.id)} ui={ui} />
      </header>
    </section>
  );
}
