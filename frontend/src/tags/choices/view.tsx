import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { assignedKey } from '../../core/hotkeys';
import { attribute, flag } from '../../core/node';
import { t } from '../../core/text';
import type { Editor, ResultRow, TagNode, TagViewProps } from '../../core/types';
import { useConfigStyle } from '../../ui/config-style';
import { KeyHint } from '../../ui/key-hint';
import { Question } from '../../ui/question';
import { Rich } from '../../ui/rich';
import { TagChildren } from '../../ui/tag-tree';
import { isPicked, type Option, optionsBelow, pathsIn, toggleOption } from './picked';

interface OptionProps {
  control: TagNode;
  editor: Editor;
  option: Option;
  row: ResultRow | undefined;
}

function OptionButton({ control, editor, option, row }: OptionProps) {
  const style = useConfigStyle<HTMLLabelElement>(attribute(option.node, 'style'));
  const multiple = attribute(control, 'choice') === 'multiple';
  const picked = isPicked(row, option);
  const color = attribute(option.node, 'color') || attribute(option.node, 'background');
  const hint = attribute(option.node, 'hint');
  const html = attribute(option.node, 'html');
  const key = editor.settings.value.showHotkeys && editor.settings.value.labelHotkeys ? assignedKey(editor.root, option.node) : '';
  return (
    <label ref={style} class={`choice${picked ? ' is-picked' : ''}`} title={hint || undefined}>
      <input
        type={multiple ? 'checkbox' : 'radio'}
        name={`${control.key}-${option.path.slice(0, -1).join('/')}`}
        checked={picked}
        disabled={editor.readonly.value}
        aria-keyshortcuts={key || undefined}
        onChange={() => {
          if (multiple || !isPicked(editor.answer(control), option)) toggleOption(editor, control, option);
        }}
        onClick={() => {
          // A picked radio button fires no change: clicking it again takes the answer back.
          if (!multiple && picked) toggleOption(editor, control, option);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Backspace' && event.key !== 'Delete') return;
          if (picked) toggleOption(editor, control, option);
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <span class="choice-dot" aria-hidden="true" ref={(dot) => void (color && dot?.style.setProperty('--choice-color', color))} />
      <span class="choice-title">{html ? <Rich html={html} /> : option.title}</span>
      <KeyHint keys={key} />
    </label>
  );
}

function OptionTree({ control, editor, options, row }: Omit<OptionProps, 'option'> & { options: readonly Option[] }) {
  return (
    <ul class="choice-list">
      {options.map((option) => (
        <li key={option.node.key}>
          <OptionButton control={control} editor={editor} option={option} row={row} />
          {option.children.length > 0 && <OptionTree control={control} editor={editor} options={option.children} row={row} />}
        </li>
      ))}
    </ul>
  );
}

function flatten(options: readonly Option[]): Option[] {
  return options.flatMap((option) => [option, ...flatten(option.children)]);
}

/** A native list: it works with keyboard, touch and screen readers, however many choices there are. */
function Select({ control, editor, options, row }: Omit<OptionProps, 'option'> & { options: readonly Option[] }) {
  const flat = useMemo(() => flatten(options), [options]);
  const multiple = attribute(control, 'choice') === 'multiple';
  const pickedIndexes = flat.flatMap((option, index) => (isPicked(row, option) ? [index] : []));
  const choose = (index: number) => {
    const option = flat[index];
    if (option) toggleOption(editor, control, option);
  };
  return (
    <div class="choice-select">
      {multiple &&
        pickedIndexes.map((index) => (
          <button
            key={index}
            type="button"
            class="chip"
            disabled={editor.readonly.value}
            aria-label={t('Remove {name}', { name: flat[index]?.title ?? '' })}
            onClick={() => choose(index)}
          >
            {flat[index]?.title} <span aria-hidden="true">×</span>
          </button>
        ))}
      <select
        class="select"
        aria-label={control.name}
        disabled={editor.readonly.value}
        value={multiple ? '' : String(pickedIndexes[0] ?? '')}
        onChange={(event) => {
          const value = event.currentTarget.value;
          if (value !== '') choose(Number(value));
          else if (pickedIndexes[0] !== undefined) choose(pickedIndexes[0]);
        }}
      >
        <option value="">{multiple ? t('Add…') : t('Choose…')}</option>
        {flat.map((option, index) =>
          multiple && pickedIndexes.includes(index) ? null : (
            <option key={option.node.key} value={String(index)}>
              {`${' '.repeat((option.path.length - 1) * 3)}${option.title}`}
            </option>
          ),
        )}
      </select>
    </div>
  );
}

/** What the result holds but the config does not offer: shown, so that it is not lost unseen. */
function Unknown({ row, options }: { row: ResultRow | undefined; options: readonly Option[] }) {
  const flat = flatten(options);
  const strange = pathsIn(row).filter((path) => !flat.some((option) => option.path.join('\n') === path.join('\n') || option.title === path.at(-1)));
  if (strange.length === 0) return null;
  return <p class="hint">{t('Not in the choices any more: {names}', { names: strange.map((path) => path.join(' / ')).join(', ') })}</p>;
}

export default function Choices({ node, editor }: TagViewProps) {
  const options = useMemo(() => optionsBelow(node), [node]);
  const row = useComputed(() => editor.answer(node)).value;
  const layout = attribute(node, 'layout');
  const inline = layout === 'inline' || (flag(node, 'showInline') && node.attributes.layout === undefined);
  const grouped = node.children.some((child) => child.tag !== 'Choice' && child.tag !== 'View');
  return (
    <Question node={node} editor={editor} class={`tag-choices ${layout === 'select' ? 'is-select' : inline ? 'is-inline' : 'is-vertical'}`}>
      {grouped && <TagChildren node={{ ...node, children: node.children.filter((child) => child.tag !== 'Choice' && child.tag !== 'View') }} editor={editor} />}
      {layout === 'select' ? (
        <Select control={node} editor={editor} options={options} row={row} />
      ) : (
        <OptionTree control={node} editor={editor} options={options} row={row} />
      )}
      <Unknown row={row} options={options} />
    </Question>
  );
}
