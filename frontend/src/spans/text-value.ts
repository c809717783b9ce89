/** The text of a Text tag: from the task's value, decoded, or from an address. */

function decodeBase64(encoded: string, unicode: boolean): string {
  const binary = atob(encoded.trim());
  return unicode ? new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0))) : binary;
}

/** What is shown for a value: strings as they are, lists joined by line ends, other JSON as JSON. */
export function asText(value: unknown, encoding: string): string {
  const text =
    typeof value === 'string'
      ? value
      : Array.isArray(value)
        ? value.map((item) => asText(item, 'none')).join('\n')
        : value === null || value === undefined
          ? ''
          : JSON.stringify(value);
  if (encoding !== 'base64' && encoding !== 'base64unicode') return text;
  try {
    return decodeBase64(text, encoding === 'base64unicode');
  } catch {
    return text;
  }
}
