/** The image's tools and view buttons. Every button is an action, so that its key is the same everywhere. */
import type { ReadonlySignal, Signal } from '@preact/signals';
import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { flag } from '../../core/node';
import { t } from '../../core/text';
import type { Editor, TagNode } from '../../core/types';
import type { Stage } from '../../stage/stage';
import { PAN } from '../../stage/toolbox';
import { Icon } from '../../ui/icon';
import { keyText } from '../../ui/key-hint';

interface ButtonProps {
  editor: Editor;
  action: string;
  title: string;
  icon: string;
  keys?: string;
  pressed?: ReadonlySignal<boolean>;
  disabled?: boolean;
}

function ToolButton({ editor, action, title, icon, keys, pressed, disabled }: ButtonProps) {
  return (
    <button
      type="button"
      class="image-tool"
      aria-label={title}
      title={keys ? `${title} (${keyText(keys)})` : title}
      aria-pressed={pressed?.value}
      disabled={disabled}
      data-action={action}
      onClick={() => void editor.actions.run(action)}
    >
      <Icon name={icon} size={20} />
    </button>
  );
}

function ToolButtons({ editor, stage }: { editor: Editor; stage: Stage }) {
  const active = useComputed(() => stage.toolbox.active?.tool);
  const isSelect = useComputed(() => active.value === undefined && editor.activeTool.value !== PAN);
  const isPan = useComputed(() => editor.activeTool.value === PAN);
  return (
    <div class="image-tools">
      <ToolButton editor={editor} action="tool:select" title={t('Select and move')} icon="pointer" keys="v" pressed={isSelect} />
      <ToolButton editor={editor} action="tool:pan" title={t('Pan')} icon="hand" keys="h" pressed={isPan} />
      {stage.toolbox.buttons.map(({ tool }) => {
        const action = tool.action ?? tool.id;
        const pressed = { value: active.value !== undefined && (active.value.action ?? active.value.id) === action } as ReadonlySignal<boolean>;
        return (
          <ToolButton
            key={action}
            editor={editor}
            action={action}
            title={tool.title}
            icon={tool.icon}
            {...(tool.keys?.[0] && { keys: tool.keys[0] })}
            pressed={pressed}
            disabled={editor.readonly.value}
          />
        );
      })}
    </div>
  );
}

/** How wide the tip of the active tool is, for tools that have one. */
function TipWidth({ stage }: { stage: Stage }) {
  const tool = useComputed(() => stage.toolbox.active?.tool).value;
  const { width, widest } = tool ?? {};
  if (!width) return null;
  return (
    <label class="image-tools image-tip" title={`${t('Width')} ([ ])`}>
      <span class="visually-hidden">{t('Width of the brush')}</span>
      <input
        type="range"
        min={1}
        max={widest}
        value={width.value}
        onInput={(event) => {
          width.value = event.currentTarget.valueAsNumber;
        }}
      />
      <output>{width.value}</output>
    </label>
  );
}

interface ToolbarProps {
  node: TagNode;
  editor: Editor;
  stage: Stage;
  adjusting: Signal<boolean>;
}

export function Toolbar({ node, editor, stage, adjusting }: ToolbarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const zoom = useComputed(() => `${Math.round((stage.camera.viewport.value?.scale ?? 1) * 100)}%`);
  const hasAdjust = flag(node, 'brightnessControl') || flag(node, 'contrastControl');
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' || event.key === 'ArrowRight' ? 1 : event.key === 'ArrowUp' || event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const buttons = [...(bar.current?.querySelectorAll('button:not(:disabled)') ?? [])] as HTMLElement[];
    const next = buttons[(buttons.indexOf(document.activeElement as HTMLElement) + by + buttons.length) % buttons.length];
    next?.focus();
    event.preventDefault();
  };
  return (
    <div ref={bar} class="image-toolbar" role="toolbar" aria-label={t('Image tools')} onKeyDown={step}>
      {(stage.toolbox.tools.value.length > 0 || flag(node, 'zoom')) && <ToolButtons editor={editor} stage={stage} />}
      <TipWidth stage={stage} />
      {flag(node, 'zoom') && flag(node, 'zoomControl') && (
        <div class="image-tools">
          <ToolButton editor={editor} action="image:zoom-in" title={t('Zoom in')} icon="zoom-in" keys="ctrl+plus" />
          <ToolButton editor={editor} action="image:zoom-out" title={t('Zoom out')} icon="zoom-out" keys="ctrl+minus" />
          <ToolButton editor={editor} action="image:zoom-fit" title={t('Fit the image')} icon="fit" keys="shift+1" />
          <button
            type="button"
            class="image-tool image-scale"
            title={`${t('Original size')} (${keyText('shift+2')})`}
            onClick={() => void editor.actions.run('image:zoom-original')}
          >
            <span class="visually-hidden">{t('Original size, now')}</span> {zoom}
          </button>
        </div>
      )}
      {flag(node, 'rotateControl') && (
        <div class="image-tools">
          <ToolButton editor={editor} action="image:turn-left" title={t('Turn left')} icon="turn-left" keys="alt+left" />
          <ToolButton editor={editor} action="image:turn-right" title={t('Turn right')} icon="turn-right" keys="alt+right" />
        </div>
      )}
      {hasAdjust && (
        <div class="image-tools">
          <button
            type="button"
            class="image-tool"
            aria-label={t('Brightness and contrast')}
            title={t('Brightness and contrast')}
            aria-expanded={adjusting.value}
            onClick={() => {
              adjusting.value = !adjusting.peek();
            }}
          >
            <Icon name="contrast" size={20} />
          </button>
        </div>
      )}
    </div>
  );
}
