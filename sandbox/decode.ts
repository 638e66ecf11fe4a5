/** Decodes the strings of a form, a query or a header by their schemas. */
import type { SpecDocument, SpecSchema } from '../openapi/spec';
import { closestNames } from '../src/closest-names';
import { parseJson } from '../src/formats';
import { violationsOf } from './validate';

export interface FieldSchema {
  name: string;
  required: boolean;
  schema: SpecSchema;
}

interface DecodedFields {
  values: Record<string, unknown>;
  violations: string[];
}

/** How JavaScript writes values that were converted to a string by accident. */
const ACCIDENTAL_TEXT = /\[object \w+\]|^undefined$|^NaN$/;
const MAP_FORMAT_PREFIX = 'prefixed-collapsible-map-';

/**
 * Decodes name-value pairs, which may repeat a name.
 * `kind` names a field in violations, e.g. "form field". If `clearable`, an empty string is valid for every optional
 * field, because it clears the setting.
 */
export function decodePairs(
  document: SpecDocument,
  pairs: Iterable<[string, string]>,
  fields: FieldSchema[],
  kind: string,
  clearable = false,
): DecodedFields {
  const decoded: DecodedFields = { values: {}, violations: [] };
  const byName = new Map(fields.map((field) => [field.name, field]));
  const maps = fields.filter((field) => document.resolve(field.schema)?.format?.startsWith(MAP_FORMAT_PREFIX));
  const given = new Map<string, string[]>();
  for (const [name, value] of pairs) given.set(name, [...(given.get(name) ?? []), value]);

  for (const [name, values] of given) {
    const accident = values.find((value) => ACCIDENTAL_TEXT.test(value));
    if (accident !== undefined || ACCIDENTAL_TEXT.test(name)) {
      const text = JSON.stringify(accident ?? name);
      decoded.violations.push(`${kind} ${name} is ${text}, which looks like a bug in the caller`);
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
      const [closest] = closestNames(name, [...byName.keys()]);
      decoded.violations.push(`unknown ${kind} "${name}"${closest ? ` (did you mean "${closest}"?)` : ''}`);
      continue;
    }
    decodeField(document, field, values, kind, clearable, decoded);
  }
  for (const field of fields) {
    if (field.required && !given.has(field.name)) decoded.violations.push(`missing required ${kind} "${field.name}"`);
  }
  return decoded;
}

function prefixOf(document: SpecDocument, field: FieldSchema): string {
  return document.resolve(field.schema).format!.slice(MAP_FORMAT_PREFIX.length);
}

function decodeField(
  document: SpecDocument,
  field: FieldSchema,
  values: string[],
  kind: string,
  clearable: boolean,
  decoded: DecodedFields,
): void {
  const schema = document.resolve(field.schema) ?? {};
  const where = `${kind} ${field.name}`;
  if (schema.type === 'array') {
    const items = values.map((value) => decodeValue(document, schema.items ?? {}, value, true));
    decoded.values[field.name] = items;
    if (clearable && values.length === 1 && values[0] === '') return;
    decoded.violations.push(...violationsOf(document, field.schema, items, where));
    return;
  }
  if (values.length > 1) {
    decoded.violations.push(`${where} is given ${values.length} times but takes one value`);
    return;
  }
  const raw = values[0]!;
  const value = decodeValue(document, schema, raw);
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

function decodeValue(document: SpecDocument, field: SpecSchema, raw: string, inArray = false): unknown {
  const schema = document.resolve(field) ?? {};
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
      // A field without a type holds any JSON value as text.
      if (schema.enum) return raw;
      return parseJson(raw, inArray ? raw : NOT_JSON);
    default:
      return raw;
  }
}
