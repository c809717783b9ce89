/** Brightness and contrast of the picture, for looking only: nothing of it is stored. */
import type { Signal } from '@preact/signals';
import { t } from '../../core/text';

export interface Look {
  brightness: Signal<number>;
  contrast: Signal<number>;
}

function Slider({ title, value }: { title: string; value: Signal<number> }) {
  return (
    <label class="image-slider">
      <span>{title}</span>
      <input
        type="range"
        min={20}
        max={300}
        step={5}
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.valueAsNumber;
        }}
      />
      <output>{value.value} %</output>
    </label>
  );
}

export function Adjust({ look, brightness, contrast }: { look: Look; brightness: boolean; contrast: boolean }) {
  const reset = () => {
    look.brightness.value = 100;
    look.contrast.value = 100;
  };
  const changed = look.brightness.value !== 100 || look.contrast.value !== 100;
  return (
    <fieldset class="image-adjust" aria-label={t('Brightness and contrast')}>
      {brightness && <Slider title={t('Brightness')} value={look.brightness} />}
      {contrast && <Slider title={t('Contrast')} value={look.contrast} />}
      <button type="button" class="button button-quiet" disabled={!changed} onClick={reset}>
        {t('Reset')}
      </button>
    </fieldset>
  );
}
