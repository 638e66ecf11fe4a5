/** Turns the strings of a form, a query or a header into the values that the description means. */
import type { SpecDocument, SpecSchema } from '../openapi/spec';
import { closestNames } from '../src/closest-names';
import { violationsOf } from './validate';

export interface Field {
  name: string;
  required: boolean;
  schema: SpecSchema;
}

export interface Decoded {
  values: Record<string, unknown>;
  violations: string[];
}

/** What JavaScript writes when a value was not turned into a string on purpose. */
const ACCIDENTS = /\[object \w+\]|^undefined$|^NaN$/;
const MAP_FORMAT = 'prefixed-collapsible-map-';

/**
 * Decodes pairs as they came, with repeats.
 * `kind` is the word for messages: "form field", "query parameter".
 * `clearable`: an empty string takes a setting away, so that it is let through whatever the format.
 */
export function decodePairs(
  document: SpecDocument,
  pairs: Iterable<[string, string]>,
  fields: Field[],
  kind: string,
  clearable = false,
): Decoded {
  const decoded: Decoded = { values: {}, violations: [] };
  const byName = new Map(fields.map((field) => [field.name, field]));
  const maps = fields.filter((field) => document.resolve(field.schema)?.format?.startsWith(MAP_FORMAT));
  const given = new Map<string, string[]>();
  for (const [name, value] of pairs) given.set(name, [...(given.get(name) ?? []), value]);

  for (const [name, values] of given) {
    const accident = values.find((value) => ACCIDENTS.test(value));
    if (accident !== undefined || ACCIDENTS.test(name)) {
      decoded.violations.push(
        `${kind} ${name} holds ${JSON.stringify(accident ?? name)}, which no caller means to send`,
      );
      continue;
    }
    const map = maps.find((field) => name.startsWith(`${prefixOf(document, field)}.`));
    if (map) {
      const entries = decoded.values[map.name] as Record<string, string> | undefined;
      const key = name.slice(prefixOf(document, map).length + 1);
      decoded.values[map.name] = { ...entries, [key]: values[0]! };
      continue;
    }
    const field = byName.get(name);
    if (!field || maps.includes(field)) {
      const meant = closestNames(name, [...byName.keys()])[0];
      decoded.violations.push(`unknown ${kind} "${name}"${meant ? ` (did you mean "${meant}"?)` : ''}`);
      continue;
    }
    decodeField(document, field, values, kind, clearable, decoded);
  }
  for (const field of fields) {
    if (field.required && !given.has(field.name)) decoded.violations.push(`missing required ${kind} "${field.name}"`);
  }
  return decoded;
}

function prefixOf(document: SpecDocument, field: Field): string {
  return document.resolve(field.schema).format!.slice(MAP_FORMAT.length);
}

function decodeField(
  document: SpecDocument,
  field: Field,
  values: string[],
  kind: string,
  clearable: boolean,
  decoded: Decoded,
): void {
  const schema = document.resolve(field.schema) ?? {};
  const where = `${kind} ${field.name}`;
  if (schema.type === 'array') {
    const items = values.map((value) => scalar(document, schema.items ?? {}, value, true));
    decoded.values[field.name] = items;
    if (clearable && values.length === 1 && values[0] === '') return;
    decoded.violations.push(...violationsOf(document, field.schema, items, where));
    return;
  }
  if (values.length > 1) {
    decoded.violations.push(`${where} is given ${values.length} times but holds one value`);
    return;
  }
  const raw = values[0]!;
  const value = scalar(document, schema, raw);
  decoded.values[field.name] = value;
  if (raw === '' && clearable && !field.required) return;
  if (value === NOT_JSON) {
    decoded.values[field.name] = raw;
    decoded.violations.push(`${where} must be JSON, not ${JSON.stringify(raw.slice(0, 60))}`);
    return;
  }
  decoded.violations.push(...violationsOf(document, field.schema, value, where));
}

const NOT_JSON = Symbol('not JSON');

function scalar(document: SpecDocument, given: SpecSchema, raw: string, inArray = false): unknown {
  const schema = document.resolve(given) ?? {};
  switch (schema.type) {
    case 'integer':
      return /^[+-]?\d+$/.test(raw) ? Number(raw) : raw;
    case 'number':
      return raw.trim() !== '' && Number.isFinite(Number(raw)) ? Number(raw) : raw;
    case 'boolean':
      return raw === 'true' ? true : raw === 'false' ? false : raw;
    case 'string':
      return raw;
    case undefined:
    case 'object':
      // Fields without a type carry any JSON, written as text.
      if (schema.enum) return raw;
      try {
        return JSON.parse(raw);
      } catch {
        return inArray ? raw : NOT_JSON;
      }
    default:
      return raw;
  }
}
