/**
 * Vite plugin: the character maps and stand-in fonts of pdf.js in one file, and where each of them stands in it, as `virtual:pdf-resources`.
 * A document that needs one fetches just its bytes; two hundred files of their own would slow down every start of the server.
 * Its decoders of JPEG 2000 and JBIG2 pictures are taken as JavaScript: pages may not compile WebAssembly. pdf.js asks for them by their own
 * names, so it is their folder that carries the version.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const MODULE = 'virtual:pdf-resources';
const FOLDERS = ['cmaps', 'standard_fonts'];
const DECODERS = ['openjpeg_nowasm_fallback.js', 'jbig2_nowasm_fallback.js'];

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
      const decoders = DECODERS.map((name) => readFileSync(join(folder, 'wasm', name)));
      const version = createHash('sha256').update(Buffer.concat(decoders)).digest('hex').slice(0, 8);
      const [first] = DECODERS.map((name, index) =>
        this.emitFile({ type: 'asset', fileName: `assets/decoders-${version}/${name}`, source: decoders[index] as Buffer }),
      );
      return [
        `export const address = import.meta.ROLLUP_FILE_URL_${file};`,
        `export const decoders = new URL('.', new URL(import.meta.ROLLUP_FILE_URL_${first}, location.href)).href;`,
        `export const places = ${JSON.stringify(places)};`,
      ].join('\n');
    },
  };
}
