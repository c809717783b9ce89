/** Asks the server what it says about a config: its problems, and what existing answers would lose. */
import { fetchJson, place, Refusal } from '../http';

export interface Check {
  problems: string[];
  losses: string[];
}

const FINE: Check = { problems: [], losses: [] };

export async function checkConfig(source: string, project: string, signal: AbortSignal): Promise<Check> {
  const path = project ? `api/projects/${project}/validate/` : 'api/projects/validate/';
  try {
    const answer = await fetchJson<{ losses?: string[] } | null>(place(path), { method: 'POST', json: { label_config: source }, signal });
    return { ...FINE, losses: answer?.losses ?? [] };
  } catch (error) {
    if (error instanceof Refusal && error.status === 400) return { ...FINE, problems: error.fields.label_config ?? [error.message] };
    throw error;
  }
}
