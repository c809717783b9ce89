import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { compressed } from './compress.plugin.ts';
import { pdfResources } from './pdf-resources.plugin.ts';
import { tagTable } from './tag-table.plugin.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// Pages and islands come into being one by one: an entry is built as soon as its file is there.
const ENTRIES = {
  editor: 'src/islands/editor.tsx',
  datamanager: 'src/islands/datamanager.tsx',
  configpreview: 'src/islands/configpreview.tsx',
  embed: 'src/islands/embed.tsx',
  'annotation-editor': 'src/islands/annotation-editor.ts',
  shell: 'src/pages/shell.ts',
  accounts: 'src/pages/accounts.ts',
  create: 'src/pages/create.tsx',
  import: 'src/pages/import.tsx',
  labeling: 'src/pages/labeling.tsx',
};

export default defineConfig(({ mode }) => {
  const preview = mode === 'preview';
  return {
    root: preview ? path('./dev') : path('.'),
    base: preview ? '/' : '/static/dist/',
    publicDir: false,
    plugins: [tagTable(path('../labeling/tags')), pdfResources(path('node_modules/pdfjs-dist')), ...(preview ? [] : [compressed()])],
    server: { fs: { allow: [path('..')] } },
    build: {
      minify: process.env.NO_MINIFY ? false : undefined,
      outDir: preview ? path('./dev/dist') : path('../web/static/dist'),
      emptyOutDir: true,
      manifest: preview ? false : 'manifest.json',
      assetsDir: 'assets',
      target: 'es2023',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: {
        // Few files that are needed together, instead of one per module: the editor with what every task shows, then one file each
        // for text, for the rarer questions, for dialogs.
        output: {
          codeSplitting: {
            groups: [
              { name: 'framework', test: /node_modules[\\/](?:preact|@preact)[\\/]/, priority: 4 },
              {
                name: 'words',
                test: /src[\\/](?:core[\\/]text|ui[\\/]i18n|net[\\/](?:api|context|lead-time))\.ts|preload-helper|rolldown.runtime/,
                priority: 4,
              },
              { name: 'text', test: /src[\\/](?:spans|tags[\\/]text)[\\/](?!tag\.ts|sources|node-layer|find|element-painter)/, priority: 2 },
              {
                name: 'image',
                test: /src[\\/](?:stage|geometry|tags[\\/](?:image|rectangle|rectanglelabels))[\\/](?!tag\.ts|sources|tiled|region-clipboard|(?:ellipse|polygon|path|rle|raster|fill)\.ts)/,
                priority: 2,
              },
              { name: 'answers', test: /src[\\/]tags[\\/](?:textarea|rating|number|datetime|taxonomy|pairwise|pagedview)[\\/]view\.tsx/, priority: 2 },
              {
                name: 'labeling',
                test: /src[\\/](?:core[\\/](?!suggestions)|tags[\\/](?:view|header|style|choices)[\\/]|ui[\\/](?!dialogs[\\/]|label-picker|conflict|auto-annotation|relation-lines|relations-panel|media-failure|one-answer)|tags[\\/](?:choices?|header|image|labels?|rectangle|rectanglelabels|style|text|textarea|view)[\\/]tag\.ts|virtual:tag-table)/,
                priority: 3,
              },
              { name: 'more-tags', test: /src[\\/]tags[\\/](?:more|\w+[\\/]tag)\.ts/, priority: 1 },
            ],
          },
        },
        input: preview
          ? path('./dev/index.html')
          : Object.fromEntries(
              Object.entries(ENTRIES)
                .map(([name, file]) => [name, path(`./${file}`)] as const)
                .filter(([, file]) => existsSync(file)),
            ),
      },
    },
    test: {
      environment: 'happy-dom',
      include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
      sequence: { shuffle: true },
      isolate: false,
      testTimeout: 30_000,
    },
  };
});
