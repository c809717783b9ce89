/** An in-memory stand-in for the REST API, as far as the editor uses it. `fakeServer.offline = true` cuts the line. */
import type { AnnotationRecord, DraftRecord, TaskRecord } from '../src/core/types.ts';
import type { EditorContext } from '../src/net/context.ts';

export function fakeApi(context: EditorContext, tasks: TaskRecord[]) {
  let id = 1000;
  let clock = Date.now();
  const answered = new Map<string, unknown>();
  const versions = new Map<number, AnnotationRecord[]>();
  const nextId = () => {
    id += 1;
    return id;
  };
  const now = () => {
    clock += 1000;
    return new Date(clock).toISOString();
  };
  const done = (task: TaskRecord) =>
    task.annotations.some((annotation) => annotation.completed_by === context.user.id || (annotation.completed_by as { id?: number })?.id === context.user.id);
  const next = (after?: number) => tasks.find((task) => !done(task) && task.id !== after) ?? null;
  const taskOf = (number: string) => tasks.find((task) => task.id === Number(number));
  const annotationOf = (number: string) => tasks.flatMap((task) => task.annotations).find((annotation) => annotation.id === Number(number));

  interface Answer {
    status: number;
    body: unknown;
  }

  const ok = (body: unknown, status = 200): Answer => ({ status, body });
  const missing: Answer = { status: 404, body: { detail: 'There is nothing here.' } };

  function drafts(method: string, path: RegExpMatchArray, body: Record<string, unknown>): Answer {
    if (method === 'POST') {
      const task = taskOf(path[1] as string);
      if (!task) return missing;
      const draft = { id: nextId(), annotation: path[2] ? Number(path[2]) : null, updated_at: now(), ...body } as unknown as DraftRecord;
      task.drafts = [...(task.drafts ?? []), draft];
      return ok(draft, 201);
    }
    const owner = tasks.find((task) => task.drafts?.some((draft) => draft.id === Number(path[1])));
    const draft = owner?.drafts?.find((candidate) => candidate.id === Number(path[1]));
    if (!owner || !draft) return missing;
    if (method === 'DELETE') {
      owner.drafts = owner.drafts?.filter((candidate) => candidate !== draft) ?? [];
      return ok(null, 204);
    }
    Object.assign(draft, body, { updated_at: now() });
    return ok(draft);
  }

  function submit(task: TaskRecord, query: URLSearchParams, body: Record<string, unknown>): Answer {
    const annotation = {
      id: nextId(),
      created_at: now(),
      updated_at: now(),
      completed_by: context.user.id,
      was_cancelled: false,
      ...body,
    } as unknown as AnnotationRecord;
    task.annotations = [...task.annotations, annotation];
    task.drafts = (task.drafts ?? []).filter((draft) => draft.id !== body.draft_id);
    return ok({ ...annotation, ...(query.has('next') && { next_task: next() }) }, 201);
  }

  function handle(method: string, url: URL, headers: Headers, body: Record<string, unknown>): Answer {
    const path = url.pathname;
    let found = /^\/api\/tasks\/(\d+)\/(?:annotations\/(\d+)\/)?drafts\/$/.exec(path) ?? /^\/api\/drafts\/(\d+)\/$/.exec(path);
    if (found) return drafts(method, found, body);
    if (/\/next\/$/.test(path))
      return next(Number(url.searchParams.get('after')) || undefined) ? ok(next(Number(url.searchParams.get('after')) || undefined)) : missing;
    found = /^\/api\/tasks\/(\d+)\/annotations\/$/.exec(path);
    if (found) {
      const task = taskOf(found[1] as string);
      return task ? submit(task, url.searchParams, body) : missing;
    }
    if (/\/lease\/$/.test(path)) return ok({ expires_at: now() });
    found = /^\/api\/tasks\/(\d+)\/$/.exec(path);
    if (found) return taskOf(found[1] as string) ? ok(taskOf(found[1] as string)) : missing;
    if (/label-stream-history/.test(path))
      return ok(tasks.filter(done).map((task) => ({ taskId: task.id, annotationId: task.annotations.at(-1)?.id ?? null })));
    found = /^\/api\/annotations\/(\d+)\/(?:versions\/(?:(\d+)\/restore\/)?)?$/.exec(path);
    const annotation = found ? annotationOf(found[1] as string) : undefined;
    if (!found || !annotation) return /current-user/.test(path) ? ok({}) : missing;
    const past = versions.get(annotation.id) ?? [];
    if (found[2]) {
      const old = past[Number(found[2]) - 1];
      if (!old) return missing;
      versions.set(annotation.id, [...past, { ...annotation }]);
      Object.assign(annotation, { result: old.result, updated_at: now() });
      return ok(annotation);
    }
    if (path.includes('/versions/'))
      return ok(past.map((version, index) => ({ version: index + 1, created_at: version.updated_at, created_by: null, result: version.result })));
    if (method === 'DELETE') {
      for (const task of tasks) task.annotations = task.annotations.filter((other) => other !== annotation);
      return ok(null, 204);
    }
    const expected = headers.get('If-Match');
    if (expected && expected !== `"${annotation.updated_at}"`)
      return { status: 412, body: { detail: 'Somebody changed this annotation meanwhile.', annotation } };
    versions.set(annotation.id, [...past, { ...annotation }]);
    Object.assign(annotation, body, { updated_at: now() });
    return ok(annotation);
  }

  const real = window.fetch.bind(window);
  const server = {
    tasks,
    log: [] as { method: string; path: string; body: unknown }[],
    offline: false,
    delay: 5,
    annotationOf,
    touch(number: number): void {
      const annotation = annotationOf(String(number));
      if (annotation) Object.assign(annotation, { updated_at: now(), result: [] });
    },
    fetch: async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
      const url = new URL(String(input instanceof Request ? input.url : input), location.href);
      if (!url.pathname.startsWith('/api/')) return real(input, init);
      await new Promise((resolve) => setTimeout(resolve, server.delay));
      if (server.offline) throw new TypeError('Failed to fetch');
      const method = init.method ?? 'GET';
      const headers = new Headers(init.headers);
      const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {};
      server.log.push({ method, path: url.pathname + url.search, body });
      const key = headers.get('Idempotency-Key');
      const known = key === null ? undefined : answered.get(key);
      const answer = (known as Answer | undefined) ?? handle(method, url, headers, body);
      if (key !== null && answer.status < 300) answered.set(key, answer);
      return new Response(answer.status === 204 ? null : JSON.stringify(answer.body), {
        status: answer.status,
        headers: { 'Content-Type': 'application/json' },
      });
    },
  };
  return server;
}
