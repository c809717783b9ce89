/** The labeling set-up: gallery, then labels and columns or code on the left and the live preview on the right. */
import { type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../core/text';
import type { Row } from '../first-rows';
import { fetchJson } from '../http';
import { type Check, checkConfig } from './check';
import type { CodeEditor } from './code';
import { columnKind, labelSets, matchColumns, renameVariable, variables } from './config-edit';
import { Gallery, type Template } from './gallery';
import { Preview } from './preview';
import { Visual } from './visual';

export const BLANK =
  '<View>\n  <Text name="text" value="$text"/>\n  <Choices name="choice" toName="text">\n    <Choice value="Yes"/>\n    <Choice value="No"/>\n  </Choices>\n</View>\n';

interface Props {
  source: Signal<string>;
  /** First rows of the data, as tasks would have them. */
  rows: Signal<Row[]>;
  check: Signal<Check>;
  galleryUrl: string;
  /** Id of a template to start with. */
  template?: string;
  /** Where a set-up is checked. */
  checkUrl: string;
  /** Whether the set-up is new: then the data's columns are put where they fit. */
  fresh: boolean;
}

export function Setup({ source, rows, check, galleryUrl, template, checkUrl, fresh }: Props) {
  const templates = useSignal<Template[]>([]);
  const chosen = useSignal<Template | null>(null);
  const choosing = useSignal(source.value === '');
  const tab = useSignal<'visual' | 'code'>('visual');
  const problem = useSignal('');

  const columns = useComputed(() => [...new Set(rows.value.flatMap((row) => Object.keys(row)))]);
  const kinds = useComputed(
    () =>
      new Map(
        columns.value.map(
          (key) =>
            [
              key,
              columnKind(
                rows.value.map((row) => row[key]),
                key,
              ),
            ] as const,
        ),
      ),
  );
  /** The user's own row; before there is data the template's sample. */
  const shown = useComputed<Row>(() => rows.value[0] ?? renamedSample(chosen.value, source.value) ?? {});

  const choose = (next: Template) => {
    chosen.value = next;
    source.value = adapted(next.config, kinds.value);
    choosing.value = false;
    tab.value = labelSets(source.value).length || columns.value.length ? 'visual' : 'code';
  };

  const load = async () => {
    problem.value = '';
    try {
      templates.value = await fetchJson<Template[]>(galleryUrl);
      const start = templates.value.find((one) => one.id === template);
      if (start && choosing.value) choose(start);
    } catch {
      problem.value = t('The templates could not be loaded.');
    }
  };
  useEffect(() => {
    void load();
  }, []);

  // Data that comes after the template was chosen: its columns go where they fit.
  useSignalEffect(() => {
    const now = kinds.value;
    if (now.size && source.peek() && fresh) source.value = adapted(source.peek(), now);
  });

  useSignalEffect(() => {
    const text = source.value;
    if (!text) return;
    const request = new AbortController();
    const timer = window.setTimeout(() => {
      checkConfig(checkUrl, text, request.signal).then(
        (answer) => {
          check.value = answer;
        },
        () => undefined, // without a connection the form itself will say so
      );
    }, 300);
    return () => {
      window.clearTimeout(timer);
      request.abort();
    };
  });

  if (choosing.value) {
    if (problem.value)
      return (
        <p class="notice notice-error" role="alert">
          {problem}{' '}
          <button type="button" class="button button-small" onClick={() => void load()}>
            {t('Try again')}
          </button>
        </p>
      );
    return (
      <Gallery
        templates={templates.value}
        kinds={new Set(kinds.value.values())}
        onChoose={choose}
        onBlank={() => {
          chosen.value = null;
          source.value ||= adapted(BLANK, kinds.value);
          choosing.value = false;
          tab.value = 'code';
        }}
      />
    );
  }
  return (
    <div class="setup">
      <div class="setup-edit">
        <div class="setup-bar">
          <div class="segmented" role="group" aria-label={t('How to edit')}>
            {(['visual', 'code'] as const).map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={tab.value === name}
                onClick={() => {
                  tab.value = name;
                }}
              >
                {name === 'visual' ? t('Visual') : t('Code')}
              </button>
            ))}
          </div>
          <button
            type="button"
            class="button button-quiet button-small"
            onClick={() => {
              choosing.value = true;
            }}
          >
            {t('Templates')}
          </button>
        </div>
        {tab.value === 'visual' ? (
          <Visual source={source.value} columns={columns.value} onChange={(next) => (source.value = next)} />
        ) : (
          <Code source={source} check={check} />
        )}
        {check.value.warnings.length > 0 && (
          <ul class="notice problems">
            {check.value.warnings.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
        {check.value.problems.length > 0 && (
          <ul class="notice notice-error problems" role="alert">
            {check.value.problems.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
      </div>
      <section class="setup-preview" aria-label={t('Preview')}>
        <p class="setup-preview-title quiet">{rows.value.length ? t('Preview with your data') : t('Preview with sample data')}</p>
        <Preview source={source.value} data={shown.value} />
      </section>
    </div>
  );
}

function Code({ source, check }: { source: Signal<string>; check: Signal<Check> }) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | null>(null);
  useEffect(() => {
    let gone = false;
    void import('./code').then(({ mountCode }) => {
      if (gone || !place.current) return;
      editor.current = mountCode(place.current, source.peek(), t('Labeling set-up, as code'), (text) => {
        source.value = text;
      });
      editor.current.showProblems(check.peek().problems);
    });
    return () => {
      gone = true;
      editor.current?.destroy();
    };
  }, []);
  useSignalEffect(() => editor.current?.setText(source.value));
  useSignalEffect(() => editor.current?.showProblems(check.value.problems));
  return <div class="code-editor" ref={place} />;
}

function adapted(source: string, kinds: ReadonlyMap<string, ReturnType<typeof columnKind>>): string {
  const columns = [...kinds].map(([key, kind]) => ({ key, kind }));
  let text = source;
  for (const [name, column] of matchColumns(source, columns)) text = renameVariable(text, name, column);
  return text;
}

/** The sample under the names that the config uses now, when its variables were renamed one by one. */
function renamedSample(template: Template | null, source: string): Row | null {
  if (!template) return null;
  const former = variables(template.config);
  const now = variables(source);
  const sample: Row = { ...template.sample };
  former.forEach((name, at) => {
    const fresh = now[at];
    if (fresh && !(fresh in sample) && name in sample) sample[fresh] = sample[name];
  });
  return sample;
}
