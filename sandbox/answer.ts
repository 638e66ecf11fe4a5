/**
 * Answers in the shape of the description: every property of the response schema is there,
 * from what is known, else from the document's example, else null or an empty value.
 */
import { snake } from '../openapi/names';
import type { SpecDocument, SpecSchema } from '../openapi/spec';
import { freshSid, rfc2822, sample, sidPrefix } from './sample';

export type Body = Record<string, unknown>;

export interface Shaping {
  document: SpecDocument;
  schema: SpecSchema | undefined;
  example: unknown;
  /** Values that are known, by property name. They are written the way the schema types them. */
  known: Body;
  /** Of a new resource: properties that the caller could have set. Left alone they are empty, not the example's value. */
  settable?: ReadonlySet<string>;
  /** SIDs to put where the example has one with the same two letters. */
  sids?: string[];
  /** Milliseconds; stands in all dates that nobody set. */
  now: number;
}

const CHANGES = /^date_?(created|updated)$|^(created|updated)_?(at|on|date)?$|^timestamp$/i;

/** Shapes an object; anything that is not an object by its schema is the example, or a sample. */
export function shape(shaping: Shaping): unknown {
  const { document, example } = shaping;
  const schema = flatten(document, shaping.schema);
  const template = substitute(example, shaping.sids ?? []);
  if (!schema.properties) {
    if (isBody(template) || Object.keys(shaping.known).length > 0) return { ...(template as Body), ...shaping.known };
    return template ?? sample(document, schema);
  }
  const body: Body = {};
  for (const [name, raw] of Object.entries(schema.properties)) {
    body[name] = property(shaping, name, raw, isBody(template) ? template : {});
  }
  return body;
}

function property(shaping: Shaping, name: string, raw: SpecSchema, template: Body): unknown {
  const { document, known, now } = shaping;
  const schema = flatten(document, raw);
  const isDate = schema.format === 'date-time' || schema.format === 'date-time-rfc-2822';
  const write = (value: unknown) => (isDate ? writeDate(value, schema.format!) : coerce(value, schema));
  if (known[name] !== undefined) return write(known[name]);
  if (CHANGES.test(name)) return isDate ? writeDate(now, schema.format!) : (template[name] ?? null);
  if (shaping.settable && (shaping.settable.has(snake(name)) || isDate || name === 'unique_name')) {
    // A new resource: nobody has set this, so that the example's value would be a lie.
    if (schema.default !== undefined) return schema.default;
    if (schema.type === 'boolean') return false;
    if (raw.nullable || schema.nullable) return null;
  }
  if (isDate && typeof template[name] === 'string') return writeDate(template[name], schema.format!);
  if (template[name] !== undefined) return template[name];
  if (raw.nullable || schema.nullable) return null;
  if (schema.default !== undefined) return schema.default;
  return sample(document, raw, false);
}

/** Resolves references, and joins the parts of allOf; of alternatives it takes the first. */
export function flatten(document: SpecDocument, given: SpecSchema | undefined): SpecSchema {
  const schema = document.resolve(given) ?? {};
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []).slice(0, 1), ...(schema.anyOf ?? []).slice(0, 1)];
  if (parts.length === 0) return schema;
  const flat = parts.map((part) => flatten(document, part));
  const properties = Object.assign({}, ...flat.map((part) => part.properties), schema.properties);
  return { ...flat[0], ...schema, ...(Object.keys(properties).length > 0 ? { properties } : {}) };
}

/** A value as the schema types it: numbers as text where text is asked for, and the other way round. */
export function coerce(value: unknown, schema: SpecSchema): unknown {
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
      return typeof value === 'string' ? parsed(value) : value;
    default:
      return value;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** RFC 2822 on the 2010 API, ISO 8601 without milliseconds elsewhere. Unreadable dates stay as they are. */
function writeDate(value: unknown, format: string): unknown {
  if (value === null || value === '') return null;
  const date = new Date(value as string | number);
  if (Number.isNaN(date.getTime())) return value;
  return format === 'date-time-rfc-2822' ? rfc2822(date) : isoSeconds(date);
}

export function isoSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Puts the real SIDs in all texts of an example, each where the two letters agree. */
function substitute(value: unknown, sids: string[]): unknown {
  if (sids.length === 0 || value === undefined) return value;
  const byPrefix = new Map(sids.map((sid) => [sid.slice(0, 2), sid]));
  const text = JSON.stringify(value).replaceAll(
    /\b([A-Z]{2})[0-9a-fA-FaX]{32}\b/g,
    (sid, prefix: string) => byPrefix.get(prefix) ?? sid,
  );
  return JSON.parse(text);
}

/** The SID or id that a new resource gets: the prefix comes from the schema, else from the example. */
export function freshId(
  document: SpecDocument,
  schema: SpecSchema | undefined,
  example: unknown,
  name: string,
): string {
  const property = document.resolve(flatten(document, schema).properties?.[name]);
  const prefix =
    sidPrefix(property?.pattern) ?? /^[A-Z]{2}(?=[0-9a-fA-F]{32}$)/.exec(String((example as Body)?.[name]))?.[0];
  if (prefix) return freshSid(prefix);
  if (property?.pattern || property?.format === 'uuid') {
    const made = sample(document, { ...property, example: undefined });
    if (typeof made === 'string') return property.format === 'uuid' ? crypto.randomUUID() : made;
  }
  const shown = (example as Body)?.[name];
  // An id such as `mem_store_01k1etk2y5f1y9fpe2epfdtvv2`: keep what names its kind.
  const kind = typeof shown === 'string' ? /^([a-z_]+_)[0-9a-z]{26}$/.exec(shown)?.[1] : undefined;
  if (kind) return kind + freshSid('').slice(0, 26).replace(/^./, '0');
  return freshSid(name === 'sid' ? 'XX' : '');
}

export function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
