/** The template gallery: search, groups, and what fits the data first. */
import { useSignal } from '@preact/signals';
import { plural, t } from '../../core/text';
import { Icon } from '../icon';

export interface Template {
  id: string;
  title: string;
  group: string;
  description: string;
  keywords: string[];
  tags: string[];
  config: string;
  sample: Record<string, unknown>;
}

const ICONS: [string, string][] = [
  ['Image', 'image'],
  ['Video', 'play'],
  ['Audio', 'activity'],
  ['TimeSeries', 'activity'],
  ['Pdf', 'file'],
  ['Table', 'table'],
  ['List', 'sort'],
  ['HyperText', 'code'],
];

function iconOf(template: Template): string {
  return ICONS.find(([tag]) => template.tags.includes(tag))?.[1] ?? 'text';
}

/** Every word must occur somewhere; the title counts most, then the keywords. */
export function searchTemplates(templates: readonly Template[], words: string): Template[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const score = (template: Template): number => {
    const fields: [number, string][] = [
      [8, template.title],
      [4, template.keywords.join(' ')],
      [2, `${template.group} ${template.tags.join(' ')}`],
      [1, template.description],
    ];
    let total = 0;
    for (const word of wanted) {
      const best = Math.max(0, ...fields.map(([weight, text]) => (text.toLowerCase().includes(word) ? weight : 0)));
      if (!best) return -1;
      total += best;
    }
    return total;
  };
  return templates
    .map((template, order) => ({ template, order, score: score(template) }))
    .filter((one) => one.score >= 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .map((one) => one.template);
}

interface Props {
  templates: readonly Template[];
  /** Kinds of the data's columns; templates that show them come first. */
  kinds: ReadonlySet<string>;
  onChoose: (template: Template) => void;
  onBlank: () => void;
}

export function Gallery({ templates, kinds, onChoose, onBlank }: Props) {
  const words = useSignal('');
  const group = useSignal('');
  const groups = [...new Set(templates.map((template) => template.group))];
  const found = searchTemplates(templates, words.value).filter((template) => !group.value || template.group === group.value);
  const shown = words.value || group.value ? found : [...found].sort((a, b) => Number(fits(b, kinds)) - Number(fits(a, kinds)));
  return (
    <div class="gallery">
      <div class="gallery-bar">
        <div class="field-with-icon">
          <Icon name="search" />
          <input
            class="input"
            type="search"
            value={words}
            placeholder={t('Search templates')}
            aria-label={t('Search templates')}
            onInput={(event) => {
              words.value = event.currentTarget.value;
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.preventDefault();
            }}
          />
        </div>
        <button type="button" class="button button-quiet" onClick={onBlank}>
          <Icon name="code" />
          {t('Write your own')}
        </button>
      </div>
      <div class="chips" role="group" aria-label={t('Kinds of templates')}>
        {['', ...groups].map((name) => (
          <button
            key={name}
            type="button"
            class="chip"
            aria-pressed={group.value === name}
            onClick={() => {
              group.value = name;
            }}
          >
            {name || t('All')}
          </button>
        ))}
      </div>
      <p class="visually-hidden" role="status">
        {plural(shown.length, '{n} template', '{n} templates', { n: shown.length })}
      </p>
      <ul class="template-grid">
        {shown.map((template) => (
          <li key={template.id}>
            <button type="button" class="template-card" onClick={() => onChoose(template)}>
              <Icon name={iconOf(template)} size={20} />
              <strong>{template.title}</strong>
              <span>{template.description}</span>
            </button>
          </li>
        ))}
      </ul>
      {templates.length > 0 && shown.length === 0 && <p class="quiet">{t('No template has these words.')}</p>}
    </div>
  );
}

const SHOWS: Record<string, string> = { image: 'Image', audio: 'Audio', video: 'Video', pdf: 'Pdf', html: 'HyperText', text: 'Text', list: 'List' };

const OBJECTS = new Set([
  'Image',
  'Audio',
  'Video',
  'Pdf',
  'HyperText',
  'Text',
  'List',
  'Paragraphs',
  'Table',
  'TimeSeries',
  'Chat',
  'Ranker',
  'CustomInterface',
]);

/** Whether the data can fill everything that the template shows. */
function fits(template: Template, kinds: ReadonlySet<string>): boolean {
  const have = new Set([...kinds].map((kind) => SHOWS[kind]));
  const needs = template.tags.filter((tag) => OBJECTS.has(tag));
  return needs.length > 0 && needs.every((tag) => have.has(tag));
}
