/*
 * How results spell what Twilio returns: JSON as objects instead of text, names in camel case.
 */

import { parseJson } from './formats';

/** Fields that Twilio returns as JSON text, in either case. Tests compare them with its API descriptions. */
const JSON_FIELD = /(^|[a-z]_?)attributes$|^(addons|config|configuration|data|update_?request)$/i;

/** The object or array that a JSON field holds as text; any other text as it is. */
export function parseJsonField(field: string, text: string): unknown {
  return JSON_FIELD.test(field) && /^\s*[[{]/.test(text) ? parseJson(text, text) : text;
}

/**
 * Fields whose contents keep their names: those that customers, partners or operators define, and forms that tools accept
 * as they are.
 */
export const VERBATIM: ReadonlySet<string> = new Set([
  ...['attributes', 'addons', 'configuration', 'configurationSchema', 'context', 'data', 'definition', 'metadata'],
  ...['parameters', 'tags', 'types', 'variables', 'videoLayout', 'extractResults', 'jsonResults', 'labelProbabilities'],
  // The API tools answer as Twilio does, AgentPhone as it is documented.
  ...['items', 'nextPage', 'operations', 'result', 'assignments', 'pool', 'waits_last_day'],
]);

/** The name in camel case: `toll_free` is `tollFree`, and `MMS` of numbers for sale `mms` as of own numbers. */
export const camelCase = (name: string): string =>
  /^[A-Z]+$/.test(name)
    ? name.toLowerCase()
    : name.replace(/(?<=[A-Za-z0-9])_+([A-Za-z0-9])/g, (_, next: string) => next.toUpperCase());

/** The content of a field as results spell it. */
export function spell(field: string, content: unknown): unknown {
  if (content instanceof Date) return content.toISOString();
  if (typeof content === 'string') return parseJsonField(field, content);
  return VERBATIM.has(field) ? content : spellKeys(content);
}

/** A value with the names of its fields in camel case. */
export function spellKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spellKeys);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, content]) => {
      const name = camelCase(key);
      return [name, spell(name, content)];
    }),
  );
}
