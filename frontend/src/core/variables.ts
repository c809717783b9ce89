/** `$variables`: looking them up in task data and putting values in their place. */

// A name may hold the {{flag}} of a Repeater, as in $pages[{{i}}].text.
const NAME = String.raw`(?:[\p{L}\p{N}\p{M}_]|\{\{[\p{L}\p{N}\p{M}_]+\}\})+`;
const PATH = String.raw`\$(${NAME}(?:\.${NAME}|\[${NAME}\])*)`;
const VARIABLE = new RegExp(PATH, 'gu');
const SOLE = new RegExp(`^${PATH}$`, 'u');
const STEP = new RegExp(String.raw`(${NAME})|\[(${NAME})\]`, 'gu');

const own = (value: object, key: string) => Object.hasOwn(value, key);

/** The value at `path` (without the `$`), or undefined. A key spelled like the whole path counts before the path. */
export function lookUp(path: string, data: unknown): unknown {
  if (isRecord(data) && own(data, path)) return data[path];
  let value: unknown = data;
  for (const match of path.matchAll(STEP)) {
    const name = (match[1] ?? match[2]) as string;
    if (Array.isArray(value) && /^[0-9]{1,9}$/.test(name) && Number(name) < value.length) value = value[Number(name)];
    else if (isRecord(value) && own(value, name)) value = value[name];
    else return undefined;
  }
  return value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const asText = (value: unknown) => (value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** The path when the template is one variable and nothing else. */
export function soleVariable(template: string): string | undefined {
  return SOLE.exec(template.trim())?.[1];
}

/** `template` with its variables replaced: the value itself when it is one variable, otherwise a string; what is missing is `''`. */
export function interpolate(template: string, data: unknown): unknown {
  const sole = soleVariable(template);
  if (sole !== undefined) return lookUp(sole, data) ?? (lookUp(sole, data) === null ? null : '');
  if (!template.includes('$')) return template;
  return template.replace(VARIABLE, (_, path: string) => asText(lookUp(path, data)));
}
