/** The REST API as the editor uses it. Errors are sentences. */
import type { AnnotationRecord, DraftRecord, PredictionRecord, ResultRow, TaskRecord } from '../core/types';

/** What the server refused (`status` 4xx or 5xx), in its own words, with the answer's JSON when there was one. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly body: unknown,
    /** Seconds to wait before trying again, from `Retry-After`. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later. */
  get temporary(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

export interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  keepalive?: boolean;
}

function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? document.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value ?? '';
}

function sentence(status: number, body: unknown): string {
  const said = body as { detail?: unknown; validation_errors?: Record<string, unknown> } | null;
  const fields = Object.values(said?.validation_errors ?? {}).flat();
  const words = fields.filter((entry) => typeof entry === 'string').join(' ');
  if (words) return words;
  return typeof said?.detail === 'string' ? said.detail : `The server answered ${status}.`;
}

/** Sends a call. Throws `ApiError` for an answer that is not 2xx, `TypeError` (from fetch) when there is no connection. */
export async function send<T>(call: Call): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', ...call.headers };
  if (call.method !== 'GET') headers['X-CSRFToken'] = csrfToken();
  if (call.body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch((document.documentElement.dataset.root ?? '/') + call.path, {
    method: call.method,
    headers,
    credentials: 'same-origin',
    keepalive: call.keepalive ?? false,
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
  });
  const text = await answer.text();
  let body: unknown = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    if (answer.ok) throw new ApiError('The server gave an answer that is not JSON.', 502, null);
  }
  if (!answer.ok) throw new ApiError(sentence(answer.status, body), answer.status, body, Number(answer.headers.get('Retry-After')) || null);
  return body as T;
}

export interface Version {
  version: number;
  created_at: string;
  created_by?: { email?: string; first_name?: string; last_name?: string } | null;
  result: ResultRow[];
  [key: string]: unknown;
}

export interface Submission {
  result: ResultRow[];
  lead_time: number;
  started_at: string;
  was_cancelled?: boolean;
  draft_id?: number;
  parent_prediction?: number;
  parent_annotation?: number;
}

export type Submitted = AnnotationRecord & { next_task?: TaskRecord | null };

export const api = {
  nextTask: (project: number, after?: number) =>
    send<TaskRecord>({ method: 'GET', path: `api/projects/${project}/next/${after === undefined ? '' : `?after=${after}`}` }),
  nextOf: (project: number, selection: object) =>
    send<TaskRecord>({ method: 'POST', path: `api/dm/actions/?project=${project}&id=next_task`, body: selection }),
  predictions: (task: number) => send<PredictionRecord[]>({ method: 'GET', path: `api/predictions/?task=${task}` }),
  task: (id: number) => send<TaskRecord>({ method: 'GET', path: `api/tasks/${id}/` }),
  history: (project: number) =>
    send<{ taskId: number; annotationId: number | null }[]>({ method: 'GET', path: `api/projects/${project}/label-stream-history/` }),
  renewLease: (task: number) => send<{ expires_at: string }>({ method: 'POST', path: `api/tasks/${task}/lease/` }),
  releaseLease: (task: number) => send<null>({ method: 'DELETE', path: `api/tasks/${task}/lease/`, keepalive: true }),
  deleteAnnotation: (id: number) => send<null>({ method: 'DELETE', path: `api/annotations/${id}/` }),
  deleteDraft: (id: number) => send<null>({ method: 'DELETE', path: `api/drafts/${id}/` }),
  versions: async (annotation: number) => {
    const answer = await send<Version[] | { results: Version[] }>({ method: 'GET', path: `api/annotations/${annotation}/versions/` });
    return Array.isArray(answer) ? answer : answer.results;
  },
  restore: (annotation: number, version: number) =>
    send<AnnotationRecord>({ method: 'POST', path: `api/annotations/${annotation}/versions/${version}/restore/` }),
  saveHotkeys: (hotkeys: Record<string, unknown>) => send<unknown>({ method: 'PATCH', path: 'api/current-user/hotkeys/', body: { custom_hotkeys: hotkeys } }),
  savePreferences: (preferences: Record<string, unknown>) => send<unknown>({ method: 'PATCH', path: 'api/current-user/preferences/', body: preferences }),
};

/** The call that saves a draft: a first one makes it, later ones change it. */
export function draftCall(task: number, annotation: number | null, draft: number | null, body: { result: readonly ResultRow[]; lead_time: number }): Call {
  if (draft !== null) return { method: 'PATCH', path: `api/drafts/${draft}/`, body };
  return { method: 'POST', path: annotation === null ? `api/tasks/${task}/drafts/` : `api/tasks/${task}/annotations/${annotation}/drafts/`, body };
}

export type { DraftRecord };
