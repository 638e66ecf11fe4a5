/**
 * Builds response bodies with every property of their schema. A value comes from the resource and its times; a property
 * without one is null, or an empty list. The examples of the API description are no facts about the account.
 */
import type { SpecDocument, SpecSchema } from '../openapi/spec';
import { parseJson } from '../src/formats';
import { isoSeconds, rfc2822 } from './dates';
import type { Properties } from './json';
import { sampleValue } from './sample';
import { newSid, sidPrefix } from './sids';

/** Where the values of a body come from. */
export interface BodyContent {
  /** Values by property name; converted to the types of the schema. */
  known: Properties;
  /** When the resource was created and updated, in milliseconds since 1970; undefined if it always existed. */
  times?: { createdAt: number; updatedAt: number };
  /** In lenient mode: values of the properties that are not known. */
  example?: Properties;
}

interface BodyOptions extends BodyContent {
  document: SpecDocument;
  schema: SpecSchema | undefined;
}

const CREATED = /^date_?(created|generated)$|^created_?(at|on|date)?$|^timestamp$/i;
const UPDATED = /^date_?updated$|^updated_?(at|on|date)?$/i;

/** A body for the schema; without properties in the schema, what is known. */
export function buildBody(options: BodyOptions): Properties {
  const { properties } = flattenSchema(options.document, options.schema);
  if (!properties) return { ...options.example, ...options.known };
  return Object.fromEntries(
    Object.entries(properties).map(([name, raw]) => [name, propertyValue(options, name, raw) ?? null]),
  );
}

function propertyValue({ document, known, times, example }: BodyOptions, name: string, raw: SpecSchema): unknown {
  const described = flattenSchema(document, raw);
  // Prices are text, even where the API description says number.
  const schema = name === 'price' && described.type === 'number' ? { ...described, type: 'string' } : described;
  const isDate = schema.format === 'date-time' || schema.format === 'date-time-rfc-2822';
  const write = (value: unknown) => (isDate ? formatDate(value, schema.format!) : coerce(value, schema));
  if (known[name] !== undefined) return write(known[name]);
  const time = CREATED.test(name) ? times?.createdAt : UPDATED.test(name) ? times?.updatedAt : undefined;
  if (time !== undefined && schema.type === 'string') return formatDate(time, schema.format ?? 'date-time');
  if (example?.[name] !== undefined) return write(example[name]);
  if (schema.type === 'array' && !raw.nullable && !schema.nullable) return [];
  // The descriptions give every integer that is not nullable the default 0.
  return schema.default === 0 ? null : schema.default;
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
      return typeof value === 'string' ? parseJson(value, value) : value;
    default:
      return value;
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
export function replaceSids(value: Properties, sids: string[]): Properties {
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
