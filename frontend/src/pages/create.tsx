/** Creating a project on one page. Nothing is stored before "Create": files stay in the browser until then. */
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { t } from '../core/text';
import { DataStep } from './data-step';
import type { Row } from './first-rows';
import { fetchJson, place, Refusal } from './http';
import { type Check, FINE } from './setup/check';
import { Setup } from './setup/setup';
import { type FileWork, sendFiles } from './upload';

const form = document.querySelector<HTMLFormElement>('#create');
if (form) start(form);

function start(form: HTMLFormElement): void {
  const at = <T extends HTMLElement>(selector: string) => form.querySelector<T>(selector) as T;
  const title = at<HTMLInputElement>('#title');
  const titleError = at('#title-error');
  const status = at('#create-status');
  const button = at<HTMLButtonElement>('#create-button');

  const files = signal<FileWork[]>([]);
  const rows = signal<Row[]>([]);
  const source = signal('');
  const check = signal<Check>(FINE);
  /** Made by a first attempt whose upload failed: the second goes on with it. */
  let project = 0;
  let leaving = false;

  const dataPlace = at('#create-data');
  const setupPlace = at('#create-setup');
  dataPlace.replaceChildren();
  setupPlace.replaceChildren();
  render(<DataStep files={files} rows={rows} />, dataPlace);
  const { gallery = '', check: checkUrl = '', template = '' } = form.dataset;
  render(<Setup source={source} rows={rows} check={check} galleryUrl={gallery} template={template} checkUrl={checkUrl} fresh />, setupPlace);

  // The name of the first file is a good first guess for the project's; the whole of it where it would be too short otherwise.
  effect(() => {
    const first = files.value[0];
    if (!first || title.value) return;
    const words = first.file.name
      .replace(/\.[^.]+$/, '')
      .replace(/[_-]+/g, ' ')
      .trim()
      .slice(0, 50);
    title.value = words.length < 3 ? first.file.name : words;
  });

  function refuseTitle(sentence: string): void {
    titleError.textContent = sentence;
    titleError.hidden = !sentence;
    title.toggleAttribute('aria-invalid', Boolean(sentence));
    if (sentence) {
      title.setAttribute('aria-invalid', 'true');
      title.setAttribute('aria-describedby', 'title-error');
      title.focus();
    }
  }
  title.addEventListener('input', () => refuseTitle(''));

  async function create(): Promise<void> {
    const name = title.value.trim();
    if (name.length < 3) return refuseTitle(t('Give the project a name of at least three letters.'));
    if (check.value.problems.length) {
      status.textContent = t('The labeling set-up has an error; see above.');
      return;
    }
    button.disabled = true;
    try {
      if (!project) {
        status.textContent = t('Creating…');
        const body = { title: name, label_config: source.value };
        project = (await fetchJson<{ id: number }>(place('api/projects/'), { method: 'POST', json: body })).id;
      }
      status.textContent = files.value.length ? t('Importing…') : '';
      const whole = await sendFiles(project, files);
      if (!whole) {
        status.textContent = t('The project is made, but not every file could be imported. Take the failed ones away or try again.');
        button.textContent = t('Try again');
        return;
      }
      leaving = true;
      const next = files.value.length ? 'data' : 'data/import';
      window.location.assign(place(`projects/${project}/${next}`));
    } catch (error) {
      if (!(error instanceof Refusal)) {
        status.textContent = t('The server could not be reached. Nothing is lost; please try again.');
      } else if (error.fields.title) refuseTitle(error.fields.title.join(' '));
      else status.textContent = error.message;
    } finally {
      if (!leaving) button.disabled = false;
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void create();
  });

  // Files that were dropped are not on the server yet: ask before they are forgotten.
  window.addEventListener('beforeunload', (event) => {
    if (!leaving && files.value.length) event.preventDefault();
  });
}
