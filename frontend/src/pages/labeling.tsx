/** The labeling set-up of a project that exists: the same editor, the project's own data, and what a change would do to answers. */
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { t } from '../core/text';
import type { Row } from './first-rows';
import { fetchJson, place } from './http';
import { type Check, FINE } from './setup/check';
import { Setup } from './setup/setup';

const form = document.querySelector<HTMLFormElement>('#labeling-form');
if (form) start(form);

function start(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLTextAreaElement>('#label_config');
  const setupPlace = form.querySelector<HTMLElement>('#labeling-setup');
  const changePlace = form.querySelector<HTMLElement>('#labeling-change');
  if (!field || !setupPlace || !changePlace) return;
  const project = form.dataset.project ?? '';
  const source = signal(field.value);
  const rows = signal<Row[]>([]);
  const check = signal<Check>(FINE);
  field.hidden = true;

  effect(() => {
    field.value = source.value;
  });
  let leaving = false;
  const saved = source.value;
  form.addEventListener('submit', () => {
    leaving = true;
  });
  window.addEventListener('beforeunload', (event) => {
    if (!leaving && source.peek() !== saved) event.preventDefault();
  });

  const { gallery = '', check: checkUrl = '' } = form.dataset;
  render(<Setup source={source} rows={rows} check={check} galleryUrl={gallery} checkUrl={checkUrl} fresh={false} />, setupPlace);
  render(<Change check={check} />, changePlace);

  const query = new URLSearchParams({ project, page_size: '5', include: 'data' });
  fetchJson<{ tasks: { data: Row }[] }>(place(`api/tasks/?${query}`)).then(
    (answer) => {
      rows.value = answer.tasks.map((task) => task.data);
    },
    () => undefined, // the preview then shows what the set-up alone can show
  );
}

function Change({ check }: { check: { value: Check } }) {
  const { losses } = check.value;
  if (!losses.length) return null;
  return (
    <div class="notice notice-warning" role="status">
      <div>
        <strong>{t('What would change for existing answers')}</strong>
        <ul>
          {losses.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}
