/** Words on screen: looked up in a catalog that the page brings; without one, the key is the English text. */
type Catalog = Record<string, string | string[]>;

let catalog: Catalog = {};
let pluralForm: (count: number) => number = (count) => (count === 1 ? 0 : 1);

/** `{messages: {key: text or [forms]}, locale}` as the page gives it. */
export function setCatalog(messages: Catalog, locale = 'en'): void {
  catalog = messages;
  const rules = new Intl.PluralRules(locale);
  const categories = ['zero', 'one', 'two', 'few', 'many', 'other'].filter((name) =>
    rules.resolvedOptions().pluralCategories.includes(name as Intl.LDMLPluralRule),
  );
  pluralForm = (count) => categories.indexOf(rules.select(count));
}

function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The text for `key`, with `{name}` replaced by `values`. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const found = catalog[key];
  return fill(typeof found === 'string' && found !== '' ? found : key, values);
}

/** One of two texts by number; `{count}` stands for the number. */
export function plural(count: number, one: string, many: string, values: Record<string, string | number> = {}): string {
  const forms = catalog[one];
  const chosen = Array.isArray(forms) ? (forms[pluralForm(count)] ?? many) : count === 1 ? one : many;
  return fill(chosen, { count, ...values });
}
