/**
 * Builds response bodies with every property of their schema. A value comes from the resource, else from the example of
 * the API description, else it is null or empty.
 */
import { snake } from '../openapi/names';
import type { SpecDocument, SpecSchema } from '../openapi/spec';
import { isoSeconds, rfc2822 } from './dates';
import { isJsonObject, type Properties } from './json';
import { sampleValue } from './sample';
import { newSid, sidPrefix } from './sids';

interface BodyOptions {
  document: SpecDocument;
  schema: SpecSchema | undefined;
  example: unknown;
  /** Values by property name; converted to the types of the schema. */
  known: Properties;
  /** Of a new resource: properties that a request can set, in snake case. Unless set, they are empty. */
  settable?: ReadonlySet<string>;
  /** Replace SIDs with the same prefix in the example. */
  sids?: string[];
  /** Milliseconds since 1970; the value of dates of creation, update and alerts that are not known. */
  now: number;
}

const TIMESTAMP_PROPERTY = /^date_?(created|updated|generated)$|^(created|updated)_?(at|on|date)?$|^timestamp$/i;

/** A body for the schema; if the schema has no properties, the example or a sample value. */
export function buildBody(options: BodyOptions): unknown {
  const { document, example } = options;
  const schema = flattenSchema(document, options.schema);
  const template = replaceSids(example, options.sids ?? []);
  if (!schema.properties) {
    if (isJsonObject(template) || Object.keys(options.known).length > 0)
      return { ...(template as Properties), ...options.known };
    return template ?? sampleValue(document, schema);
  }
  const body: Properties = {};
  for (const [name, raw] of Object.entries(schema.properties)) {
    body[name] = propertyValue(options, name, raw, isJsonObject(template) ? template : {});
  }
  return body;
}

function propertyValue(options: BodyOptions, name: string, raw: SpecSchema, template: Properties): unknown {
  const { document, known, now } = options;
  const schema = flattenSchema(document, raw);
  const isDate = schema.format === 'date-time' || schema.format === 'date-time-rfc-2822';
  const write = (value: unknown) => (isDate ? formatDate(value, schema.format!) : coerce(value, schema));
  if (known[name] !== undefined) return write(known[name]);
  if (TIMESTAMP_PROPERTY.test(name)) return isDate ? formatDate(now, schema.format!) : (template[name] ?? null);
  if (options.settable && (options.settable.has(snake(name)) || isDate || name === 'unique_name')) {
    // The example's value would claim that the request had set it.
    if (schema.default !== undefined) return schema.default;
    if (schema.type === 'boolean') return false;
    if (raw.nullable || schema.nullable) return null;
  }
  if (isDate && typeof template[name] === 'string') return formatDate(template[name], schema.format!);
  if (template[name] !== undefined) return template[name];
  if (raw.nullable || schema.nullable) return null;
  if (schema.default !== undefined) return schema.default;
  return sampleValue(document, raw, false);
}

/** Resolves references and merges the parts of allOf and the first alternative of oneOf and anyOf. */
export function flattenSchema(document: SpecDocument, source: SpecSchema | undefined): SpecSchema {
  const schema = document.resolve(source) ?? {};
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []).slice(0, 1), ...(schema.anyOf ?? []).slice(0, 1)];
  if (parts.length === 0) return schema;
  const flat = parts.map((part) => flattenSchema(document, part));
  const properties = Object.assign({}, ...flat.map((part) => part.properties), schema.properties);
  return { ...flat[0], ...schema, ...(Object.keys(properties).length > 0 ? { properties } : {}) };
}

/** Converts a value to the type of the schema, e.g. a number to text. */
function coerce(value: unknown, schema: SpecSchema): unknown {
  if (value === null || value === undefined) return null;
  switch (schema.type) {
    case 'string':
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    case 'integer':
    case 'number':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'array':
      return Array.isArray(value) ? value : value === '' ? [] : [value];
    case 'object':
      return typeof value === 'string' ? parseJson(value) : value;
    default:
      return value;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A date in the format of the schema. Values that are not dates stay as they are. */
function formatDate(value: unknown, format: string): unknown {
  if (value === null || value === '') return null;
  const date = new Date(value as string | number);
  if (Number.isNaN(date.getTime())) return value;
  return format === 'date-time-rfc-2822' ? rfc2822(date) : isoSeconds(date);
}

/** Replaces the SIDs in an example, each by the one with its prefix. */
function replaceSids(value: unknown, sids: string[]): unknown {
  if (sids.length === 0 || value === undefined) return value;
  const byPrefix = new Map(sids.map((sid) => [sid.slice(0, 2), sid]));
  const text = JSON.stringify(value).replaceAll(
    /\b([A-Z]{2})[0-9a-fA-FaX]{32}\b/g,
    (sid, prefix: string) => byPrefix.get(prefix) ?? sid,
  );
  return JSON.parse(text);
}

/** ID of a new resource, in the format of the schema, else of the example. */
export function newId(document: SpecDocument, schema: SpecSchema | undefined, example: unknown, name: string): string {
  const property = document.resolve(flattenSchema(document, schema).properties?.[name]);
  const exampleId = (example as Properties)?.[name];
  const prefix = sidPrefix(property?.pattern) ?? /^[A-Z]{2}(?=[0-9a-fA-F]{32}$)/.exec(String(exampleId))?.[0];
  if (prefix) return newSid(prefix);
  if (property?.pattern || property?.format === 'uuid') {
    const value = sampleValue(document, { ...property, example: undefined });
    if (typeof value === 'string') return property.format === 'uuid' ? crypto.randomUUID() : value;
  }
  // Keep the prefix of an ID such as `mem_store_01k1etk2y5f1y9fpe2epfdtvv2`.
  const kind = typeof exampleId === 'string' ? /^([a-z_]+_)[0-9a-z]{26}$/.exec(exampleId)?.[1] : undefined;
  if (kind) return kind + newSid('').slice(0, 26).replace(/^./, '0');
  return newSid(name === 'sid' ? 'XX' : '');
}
