/**
 * Bytes that a page needs to download before work can begin, gzip, from the built manifest: scripts only, lazy chunks included.
 * Exits 1 when a route is over its budget.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = join(import.meta.dirname, '../web/static/dist');

interface Chunk {
  name?: string;
  file: string;
  imports?: string[];
  css?: string[];
}

/** What each route loads: entries by their source, groups of `vite.config.ts` by their name. */
const ROUTES: { name: string; limit: number; needs: string[] }[] = [
  { name: 'text task', limit: 60_000, needs: ['src/islands/editor.tsx', 'labeling', 'text'] },
  { name: 'image task', limit: 80_000, needs: ['src/islands/editor.tsx', 'labeling', 'image', 'answers'] },
  { name: 'data manager', limit: 50_000, needs: ['src/pages/shell.ts', 'src/islands/datamanager.tsx'] },
];

const manifest = JSON.parse(readFileSync(join(DIST, 'manifest.json'), 'utf8')) as Record<string, Chunk>;

function chunkOf(need: string): Chunk {
  const chunk = manifest[need] ?? Object.values(manifest).find((candidate) => candidate.name === need && candidate.file.endsWith('.js'));
  if (!chunk) throw new Error(`The build has no ${need}: is the list in budget.ts out of date?`);
  return chunk;
}

function filesOf(needs: readonly string[]): Set<string> {
  const files = new Set<string>();
  const visit = (need: string) => {
    const chunk = chunkOf(need);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const other of chunk.imports ?? []) visit(other);
  };
  needs.forEach(visit);
  return files;
}

function zipped(file: string): number {
  const path = join(DIST, file);
  return existsSync(`${path}.gz`) ? readFileSync(`${path}.gz`).length : gzipSync(readFileSync(path), { level: 9 }).length;
}

let over = false;
for (const { name, limit, needs } of ROUTES) {
  const scripts = [...filesOf(needs)].filter((file) => file.endsWith('.js'));
  const bytes = scripts.reduce((sum, file) => sum + zipped(file), 0);
  const verdict = bytes > limit ? 'OVER' : 'ok';
  if (bytes > limit) over = true;
  console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB in ${scripts.length} files, budget ${limit / 1000} kB: ${verdict}`);
}
process.exitCode = over ? 1 : 0;
