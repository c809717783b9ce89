/** Requests of the pages: JSON in and out, the CSRF token, and errors as sentences. */

/** What the server refused, in its own words. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** field -> sentences, when the mistake is in a field. */
    readonly fields: Readonly<Record<string, string[]>>,
  ) {
    super(message);
  }
}

/** An address below the place where Labelspace is mounted: `place('api/projects/')`. */
export function place(path: string): string {
  return (document.documentElement.dataset.root ?? '/') + path;
}

/** The page brings it; the server compares it with its cookie. */
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '';
}

/** Fetches JSON. Throws `Refusal` for an answer that is not 2xx, and what `fetch` throws when there is no connection. */
export async function fetchJson<T>(url: string, options: RequestInit & { json?: unknown } = {}): Promise<T> {
  const headers = new Headers(options.headers);
  headers.set('Accept', 'application/json');
  if (options.method && options.method !== 'GET') headers.set('X-CSRFToken', csrfToken());
  let body = options.body;
  if (options.json !== undefined) {
    headers.set('Content-Type', 'application/json');
    body = JSON.stringify(options.json);
  }
  const { json: _json, ...rest } = options;
  const answer = await fetch(url, { ...rest, headers, body: body ?? null, credentials: 'same-origin' });
  const text = await answer.text();
  if (!answer.ok) throw refusal(answer.status, text);
  return (text ? JSON.parse(text) : null) as T;
}

/** The error of an answer's text, whatever shape it has. */
export function refusal(status: number, text: string): Refusal {
  try {
    const said = JSON.parse(text) as { detail?: string; validation_errors?: Record<string, unknown> };
    const fields: Record<string, string[]> = {};
    for (const [name, value] of Object.entries(said.validation_errors ?? {})) fields[name] = sentences(value);
    const inFields = Object.values(fields).flat().join(' ');
    return new Refusal(inFields || (said.detail ?? `The server answered ${status}.`), status, fields);
  } catch {
    return new Refusal(`The server answered ${status}.`, status, {});
  }
}

function sentences(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(sentences);
  if (value && typeof value === 'object') return Object.values(value).flatMap(sentences);
  return [String(value)];
}
