/**
 * Bytes that a page needs to download before work can begin, gzip, from the built manifest: scripts only, lazy chunks included.
 * Exits 1 when a route is over its budget.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = join(import.meta.dirname, '../web/static/dist');

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}

/** What each route loads: its entries, and the views that its tags need. */
const ROUTES: { name: string; limit: number; needs: string[] }[] = [
  {
    name: 'text task',
    limit: 60_000,
    needs: [
      'src/islands/editor.tsx',
      ...views('view', 'header', 'style', 'text', 'choices', 'textarea', 'rating', 'number', 'datetime', 'taxonomy', 'pairwise'),
      'src/ui/label-bar.tsx',
    ],
  },
  {
    name: 'image task',
    limit: 80_000,
    needs: [
      'src/islands/editor.tsx',
      ...views('view', 'header', 'image', 'choices', 'textarea'),
      'src/ui/label-bar.tsx',
      'src/tags/rectanglelabels/tool.ts',
      'src/tags/rectangle/tool.ts',
    ],
  },
  { name: 'data manager', limit: 50_000, needs: ['src/pages/shell.ts', 'src/islands/datamanager.tsx'] },
];

function views(...tags: string[]): string[] {
  return tags.map((tag) => `src/tags/${tag}/view.tsx`);
}

const manifest = JSON.parse(readFileSync(join(DIST, 'manifest.json'), 'utf8')) as Record<string, Chunk>;

function filesOf(keys: readonly string[]): Set<string> {
  const files = new Set<string>();
  const visit = (key: string) => {
    const chunk = manifest[key];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const other of chunk.imports ?? []) visit(other);
  };
  keys.forEach(visit);
  return files;
}

function zipped(file: string): number {
  const path = join(DIST, file);
  return existsSync(`${path}.gz`) ? readFileSync(`${path}.gz`).length : gzipSync(readFileSync(path), { level: 9 }).length;
}

let over = false;
for (const { name, limit, needs } of ROUTES) {
  const entry = needs[0] as string;
  if (!manifest[entry]) {
    console.log(`${name}: not built`);
    over = true;
    continue;
  }
  const scripts = [...filesOf(needs)].filter((file) => file.endsWith('.js'));
  const bytes = scripts.reduce((sum, file) => sum + zipped(file), 0);
  const verdict = bytes > limit ? 'OVER' : 'ok';
  if (bytes > limit) over = true;
  console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB in ${scripts.length} files, budget ${limit / 1000} kB: ${verdict}`);
}
process.exitCode = over ? 1 : 0;
