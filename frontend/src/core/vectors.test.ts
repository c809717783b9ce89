/** The vectors that both interpreters of the labeling language must pass; they live beside the Python one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from './config';
import { AnnotationEditor } from './editor';
import { expandConfig } from './expand';
import type { ConfigNode, ResultRow } from './types';
import { interpolate } from './variables';

const LABELING = join(import.meta.dirname, '../../../labeling');

function vectors<T>(path: string): T[] {
  return (JSON.parse(readFileSync(join(LABELING, path), 'utf8')) as { vectors: T[] }).vectors;
}

interface RowVector {
  name: string;
  config: string;
  data: Record<string, unknown>;
  result: ResultRow[];
}

describe('whole configs become the canonical tree', () => {
  it.each(vectors<{ name: string; config: string; tree: ConfigNode }>('vectors/trees.json'))('$name', ({ config, tree }) => {
    expect(parseConfig(config)).toEqual(tree);
  });

  it('with attributes in the order of code points', () => {
    for (const { config, tree } of vectors<{ config: string; tree: ConfigNode }>('vectors/trees.json')) {
      expect(JSON.stringify(parseConfig(config))).toBe(JSON.stringify(tree));
    }
  });
});

describe('every template of the gallery becomes the canonical tree', () => {
  const trees = JSON.parse(readFileSync(join(LABELING, 'vectors/template_trees.json'), 'utf8')) as Record<string, ConfigNode>;
  it.each(Object.entries(trees))('%s', (name, tree) => {
    expect(parseConfig(readFileSync(join(LABELING, 'templates', name, 'config.xml'), 'utf8'))).toEqual(tree);
  });
});

describe('what cannot be read is refused in the same words, at the same place', () => {
  const refused = vectors<{ name: string; config: string; problems: { line: number; column: number; message: string }[] }>('vectors/refused.json');
  // What a config means (names, toName) is judged by the server; the editor only has to read it.
  const unreadable = refused.filter(({ problems }) => !/name|toName/.test(problems[0]?.message ?? ''));
  it.each(unreadable)('$name', ({ config, problems }) => {
    const said = () => {
      try {
        parseConfig(config);
      } catch (error) {
        if (error instanceof ConfigError) return { message: error.message, line: error.line, column: error.column };
        throw error;
      }
      return 'accepted';
    };
    const { message, line, column } = problems[0] as (typeof problems)[number];
    expect(said()).toEqual({ message, line, column });
  });
});

describe('variables are replaced', () => {
  it.each(vectors<{ template: string; data: unknown; value: unknown }>('vectors/interpolation.json'))('$template', ({ template, data, value }) => {
    expect(interpolate(template, data)).toEqual(value);
  });
});

describe('the rows of every tag load and save equal', () => {
  const tags = readdirSync(join(LABELING, 'tags')).filter((tag) => existsSync(join(LABELING, 'tags', tag, 'vectors.json')));
  it.each(tags)('%s', (tag) => {
    for (const { name, config, data, result } of vectors<RowVector>(`tags/${tag}/vectors.json`)) {
      const editor = new AnnotationEditor({ root: expandConfig(parseConfig(config), data), data, rows: result });
      expect(editor.regions.result(), name).toEqual(result);
      for (const region of editor.regions.list()) editor.colorOf(region);
    }
  });
});
