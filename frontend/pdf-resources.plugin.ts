/**
 * Vite plugin: the character maps and stand-in fonts of pdf.js in one file, and where each of them stands in it, as `virtual:pdf-resources`.
 * A document that needs one fetches just its bytes; two hundred files of their own would slow down every start of the server.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const MODULE = 'virtual:pdf-resources';
const FOLDERS = ['cmaps', 'standard_fonts'];

export function pdfResources(folder: string): Plugin {
  return {
    name: 'pdf-resources',
    apply: 'build',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load(id) {
      if (id !== `\0${MODULE}`) return undefined;
      const places: Record<string, [number, number]> = {};
      const contents: Buffer[] = [];
      let at = 0;
      for (const name of FOLDERS) {
        for (const file of readdirSync(join(folder, name)).sort()) {
          if (file.startsWith('LICENSE')) continue;
          const bytes = readFileSync(join(folder, name, file));
          places[file] = [at, at + bytes.length];
          contents.push(bytes);
          at += bytes.length;
        }
      }
      const file = this.emitFile({ type: 'asset', name: 'pdf-resources.bin', source: Buffer.concat(contents) });
      return `export const address = import.meta.ROLLUP_FILE_URL_${file};\nexport const places = ${JSON.stringify(places)};`;
    },
  };
}
