import { t } from '../../core/text';
import type { EditorSettings } from '../../core/types';
import type { DialogProps } from '../dialogs';
import { Frame } from './frame';

const ROWS: [keyof EditorSettings, () => string][] = [
  ['labelHotkeys', () => t('Keys choose labels')],
  ['showHotkeys', () => t('Show the keys on labels')],
  ['showLabels', () => t('Show the names of labels at regions')],
  ['autoAdvance', () => t('Send the answer at once where a task asks one thing')],
  ['keepLabel', () => t('Keep the label active after marking something')],
  ['selectAfterCreate', () => t('Select a region after making it')],
  ['keepTool', () => t('Image: keep the tool after drawing')],
  ['smoothing', () => t('Image: smooth pixels when zoomed in')],
  ['invertZoom', () => t('Image: turn the direction of zooming round')],
];

export function Settings({ session, close }: DialogProps) {
  const settings = session.settings.value;
  return (
    <Frame title={t('Editor settings')} close={close}>
      <div class="setting-list">
        {ROWS.map(([key, title]) => (
          <label key={key} class="check">
            <input type="checkbox" checked={settings[key]} onChange={(event) => session.changeSettings({ [key]: event.currentTarget.checked })} />
            <span>{title()}</span>
          </label>
        ))}
      </div>
      <p class="hint">{t('Kept in your account, on every device.')}</p>
    </Frame>
  );
}
