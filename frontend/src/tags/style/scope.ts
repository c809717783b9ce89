/** CSS of a config made harmless for the page around the task. */

/** Selectors that mean "everything" mean the task area here. */
const ROOTS = /(^|[\s,{}>+~])(?::root|html|body)(?=[\s,{.:#[>+~]|$)/g;

/**
 * The rules inside `@scope (.task-area)`, so that they match nothing outside. `@import` is dropped (it is not allowed in
 * constructed sheets), and so is `position: fixed`, which would cover the page.
 */
export function scopedCss(css: string): string {
  const clean = css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/@(?:import|charset|namespace)[^;]*;?/gi, '')
    .replace(/position\s*:\s*(?:fixed|sticky)/gi, 'position:relative')
    .replace(ROOTS, '$1:scope');
  return `@scope (.task-area) { ${balanced(clean)} }`;
}

/** Without closing braces that have no opening one: they would end the scope. */
function balanced(css: string): string {
  let depth = 0;
  let quote = '';
  let out = '';
  for (let i = 0; i < css.length; i += 1) {
    const character = css[i] as string;
    if (quote) {
      if (character === '\\') {
        i += 1;
        out += character + (css[i] ?? '');
        continue;
      }
      if (character === quote || character === '\n') quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      if (depth === 0) continue;
      depth -= 1;
    }
    out += character;
  }
  return out + (quote || '') + '}'.repeat(depth);
}
