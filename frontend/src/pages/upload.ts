/** Sends files to a project one after the other, with progress, and says for each what became of it. */
import type { Signal } from '@preact/signals';
import { t } from '../core/text';
import { csrfToken, fetchJson, place, Refusal, refusal } from './http';
import { sendInPieces } from './tus';

export interface FileWork {
  id: number;
  file: File;
  /** The file's name, with the folders it was dropped in. */
  name: string;
  size: number;
  /** `sent`: the server has it, nothing is imported yet. */
  state: 'waiting' | 'sending' | 'paused' | 'sent' | 'reading' | 'done' | 'failed';
  /** Its number on the server, 0 until it is there. */
  upload: number;
  /** Share of the bytes that left this machine, then of the tasks that were read; 0-1. */
  sent: number;
  tasks: number;
  /** What is wrong, a sentence each; with the row where the server knows it. */
  errors: string[];
}

let made = 0;

export function workFor(file: File, name = file.webkitRelativePath || file.name): FileWork {
  return { id: ++made, file, name, size: file.size, state: 'waiting', upload: 0, sent: 0, tasks: 0, errors: [] };
}

/** A file that the server has from an earlier visit. */
export function workSent(upload: number, name: string, size: number): FileWork {
  return { ...workFor(new File([], name), name), size, state: 'sent', upload, sent: 1 };
}

/** Sends what is not there yet, in order. Answers whether every file is in. */
export async function sendFiles(project: number | string, files: Signal<FileWork[]>): Promise<boolean> {
  const change = (id: number, changes: Partial<FileWork>) => {
    files.value = files.value.map((one) => (one.id === id ? { ...one, ...changes } : one));
  };
  for (const { id, file } of files.value.filter((one) => one.state !== 'done')) {
    if (!files.value.some((one) => one.id === id)) continue; // taken away meanwhile
    change(id, { state: 'sending', sent: 0, errors: [] });
    const answer = await send(project, file, (sent, state) => change(id, { sent, state }));
    change(id, answer.errors.length ? { state: 'failed', errors: answer.errors } : { state: 'done', sent: 1, tasks: answer.tasks });
  }
  return files.value.every((one) => one.state === 'done');
}

interface Answer {
  tasks: number;
  errors: string[];
}

/** Larger files are sent in pieces and read by a job, whose progress can be told; a smaller one is imported as it arrives. */
const BY_JOB = 16 << 20; // bytes

async function send(project: number | string, file: File, progress: Progress): Promise<Answer> {
  const large = file.size > BY_JOB;
  try {
    if (large) {
      const sending = await sendInPieces(project, file, file.name, (share) => progress(share, 'sending'));
      return await imported(project, await sending.done, progress);
    }
    const answer = await post(place(`api/projects/${project}/import`), file, progress);
    return { tasks: Number(answer.task_count ?? 0), errors: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) return { tasks: 0, errors: [t('The connection broke off. Nothing of this file was imported.')] };
    const all = Object.values(error.fields).flat();
    return { tasks: 0, errors: all.length ? all : [error.message] };
  }
}

type Progress = (share: number, state: 'sending' | 'reading') => void;

/** XMLHttpRequest, because `fetch` tells nothing about the bytes that are on their way. */
function post(address: string, file: File, progress: Progress): Promise<Record<string, unknown>> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append('file', file, file.name);
    request.open('POST', address);
    request.setRequestHeader('X-CSRFToken', csrfToken());
    request.setRequestHeader('Accept', 'application/json');
    let shown = 0;
    request.upload.onprogress = (event) => {
      const now = Date.now();
      if (now - shown < 80 || !event.lengthComputable) return;
      shown = now;
      progress(event.loaded / event.total, 'sending');
    };
    request.upload.onload = () => progress(0, 'reading');
    request.onerror = () => failed(new TypeError('network'));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) done(JSON.parse(request.responseText) as Record<string, unknown>);
      else failed(refusal(request.status, request.responseText));
    };
    request.send(body);
  });
}

interface ImportState {
  id: number;
  job: number;
  status: string;
  error: string | null;
  task_count: number;
}

/** Imports a file that was kept: waits for the job, telling how far it is. */
async function imported(project: number | string, upload: number, progress: Progress): Promise<Answer> {
  const address = place(`api/projects/${project}/imports`);
  let state = await fetchJson<ImportState>(address, { method: 'POST', json: { file_upload_ids: [upload] } });
  while (state.status !== 'completed' && state.status !== 'failed') {
    await new Promise((rest) => window.setTimeout(rest, 500));
    state = await fetchJson<ImportState>(`${address}/${state.id}`);
    const job = await fetchJson<{ done: number; total: number | null }>(place(`api/jobs/${state.job}`));
    progress(job.total ? job.done / job.total : 0, 'reading');
  }
  return { tasks: state.task_count, errors: state.status === 'failed' ? (state.error ?? '').split('\n') : [] };
}
