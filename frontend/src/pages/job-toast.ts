/** A job's progress at the edge of the window, with a button to cancel it. */
import { t } from '../core/text';
import { fetchJson, Refusal } from './http';
import { toast } from './toast';

interface Job<Result> {
  id: number;
  title: string;
  status: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number | null;
  error: string;
  result: Result;
}

const EVERY = 1000;

/** Shows a job until it ends: `finished` gets its result; `ended` is told when it fails or is cancelled, as parts of it may be done. */
export function followJob<Result>(jobs: string, id: number, finished: (result: Result) => void, ended: () => void): void {
  const place = document.querySelector('#toasts');
  const shown = document.createElement('div');
  shown.className = 'toast toast-info job-toast';
  const words = document.createElement('span');
  words.textContent = t('Waiting to begin…');
  const bar = document.createElement('progress');
  bar.className = 'progress';
  bar.setAttribute('aria-label', t('Progress'));
  const cancel = document.createElement('button');
  cancel.type = 'button';
  cancel.className = 'button button-small';
  cancel.textContent = t('Cancel');
  cancel.addEventListener('click', () => {
    cancel.disabled = true;
    fetchJson(`${jobs}${id}/cancel`, { method: 'POST' }).catch((error) => {
      if (error instanceof Refusal) toast(error.message, 'error');
    });
  });
  shown.append(words, bar, cancel);
  place?.append(shown);

  const look = async () => {
    let job: Job<Result>;
    try {
      job = await fetchJson<Job<Result>>(`${jobs}${id}`);
    } catch (error) {
      if (!(error instanceof Refusal)) {
        window.setTimeout(look, EVERY * 3); // no connection at the moment; the job goes on
        return;
      }
      shown.remove();
      toast(error.message, 'error');
      return;
    }
    if (job.status === 'waiting' || job.status === 'running') {
      words.textContent = job.total
        ? `${job.title} ${job.done.toLocaleString('en')} / ${job.total.toLocaleString('en')}`
        : `${job.title} ${job.done.toLocaleString('en')}`;
      if (job.total) {
        bar.max = job.total;
        bar.value = job.done;
      }
      window.setTimeout(look, EVERY);
      return;
    }
    shown.remove();
    if (job.status === 'done') finished(job.result);
    else {
      ended();
      toast(job.status === 'cancelled' ? t('Cancelled. What was done until then stays, and can be undone in the recycle bin.') : job.error, 'error');
    }
  };
  void look();
}
