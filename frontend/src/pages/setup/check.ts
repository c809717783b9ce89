/** Asks the server what it says about a config: its problems, its oddities, and what existing answers would lose. */
import { fetchJson } from '../http';

export interface Check {
  problems: string[];
  warnings: string[];
  losses: string[];
}

export const FINE: Check = { problems: [], warnings: [], losses: [] };

/** `address` is the page's own check: of a new project, or of one that has answers. */
export function checkConfig(address: string, source: string, signal: AbortSignal): Promise<Check> {
  return fetchJson<Check>(address, { method: 'POST', json: { label_config: source }, signal });
}
