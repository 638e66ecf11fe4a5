import { closestNames } from '../closest-names';
import { ToolError } from '../errors';
import { pathName } from '../params';
import type { Operation, Parameter, Schema } from './catalogue';

type Schemas = Readonly<Record<string, Schema>>;
export type Values = Record<string, unknown>;

/** Checked values by the place they go to, under the names that Twilio reads. */
export type Checked = Record<Parameter['in'], Values>;

/**
 * Checks parameters against the catalogue before anything leaves.
 * Throws a `ToolError` that names every fault, with the nearest right names for one that does not exist.
 */
export function check(operation: Operation, schemas: Schemas, given: Values): Checked {
  const checked: Checked = { path: {}, query: {}, header: {}, form: {}, body: {} };
  const byName = new Map(operation.parameters.map((parameter) => [parameter.name, parameter]));
  const faults: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const parameter = byName.get(name);
    if (parameter === undefined) {
      faults.push(unknown(name, [...byName.keys()], `${operation.id} takes`));
    } else if (value !== null && value !== undefined) {
      const meant = parameter.in === 'body' ? value : decoded(resolve(parameter.schema, schemas), value);
      faults.push(...faultsOf(parameter.schema, meant, name, schemas));
      if (parameter.in === 'path') faults.push(...pathFaults(name, meant));
      if (parameter.in === 'header' && typeof meant === 'string' && !/^[\x20-\x7e]*$/.test(meant))
        faults.push(`${name} must be plain ASCII`);
      checked[parameter.in][parameter.wire ?? name] = meant;
    }
  }
  for (const { name, required, description } of operation.parameters) {
    if (required && (given[name] === undefined || given[name] === null))
      faults.push(`${name} is required${description ? ` (${description.split('. ')[0]!.slice(0, 120)})` : ''}`);
  }
  if (faults.length > 0) {
    const more = faults.length > 8 ? ` And ${faults.length - 8} more.` : '';
    throw new ToolError(
      `Wrong parameters for ${operation.id}; nothing was sent. ${faults.slice(0, 8).join('. ')}.${more} twilio_api_describe tells all of them.`,
    );
  }
  return checked;
}

function pathFaults(name: string, value: unknown): string[] {
  const result = pathName(name).safeParse(typeof value === 'string' ? value : JSON.stringify(value));
  return result.success ? [] : [`${name} ${result.error.issues[0]!.message}`];
}

function unknown(name: string, known: readonly string[], owner: string): string {
  const near = closestNames(name, known);
  const said = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  if (near.length > 0) return `${said} is unknown: did you mean ${near.join(' or ')}`;
  return `${said} is unknown: ${owner} ${known.slice(0, 40).join(', ') || 'nothing'}`;
}

const resolve = (schema: Schema, schemas: Schemas): Schema =>
  schema.$ref === undefined ? schema : resolve(schemas[schema.$ref] ?? {}, schemas);

/** A form and a query carry text, so a number or a boolean written as text is the same, and one item is a list of one. */
function decoded(schema: Schema, value: unknown): unknown {
  switch (schema.type) {
    case 'integer':
    case 'number':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    case 'array':
      return Array.isArray(value)
        ? value.map((item) => decoded(schema.items ?? {}, item))
        : [decoded(schema.items ?? {}, value)];
    default:
      return value;
  }
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/** Formats that are worth a check, each with words that go on from "must be". */
const FORMATS: Readonly<Record<string, readonly [RegExp, string]>> = {
  'date-time': [INSTANT, 'an instant such as 2026-01-31T09:00:00Z'],
  'day-or-time': [new RegExp(`${DAY.source}|${INSTANT.source}`), 'a day or an instant such as 2026-01-31T09:00:00Z'],
  date: [DAY, 'a day such as 2026-01-31'],
  uri: [/^[a-z][a-z0-9+.-]*:\S+$/i, 'an absolute URL'],
  email: [/^\S+@\S+$/, 'an e-mail address'],
  'http-method': [/^(GET|POST|PUT|PATCH|DELETE|HEAD)$/, 'an HTTP method'],
  'iso-country-code': [/^[A-Z]{2}$/, 'a country as two capital letters, such as US'],
};

/** The faults of a value as sentences that begin with `place`. */
function faultsOf(given: Schema, value: unknown, place: string, schemas: Schemas, closed = true): string[] {
  const schema = resolve(given, schemas);
  if (value === null && (given.nullable || schema.nullable)) return [];
  const say = (must: string) => [`${place} must be ${must}, not ${shown(value)}`];
  if (schema.enum && !schema.enum.includes(value as never)) {
    const near = closestNames(String(value), schema.enum.map(String));
    return say(`one of ${schema.enum.join(', ')}${near.length > 0 ? ` (nearest: ${near[0]})` : ''}`);
  }
  if (schema.type && !hasType(schema.type, value))
    return say(/^[aeiou]/.test(schema.type) ? `an ${schema.type}` : `a ${schema.type}`);
  if (typeof value === 'string') return textFaults(schema, value, say);
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) return say(`at least ${schema.minimum}`);
    if (schema.maximum !== undefined && value > schema.maximum) return say(`at most ${schema.maximum}`);
    return [];
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) return say(`a list of at least ${schema.minItems}`);
    if (value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY))
      return say(`a list of at most ${schema.maxItems}`);
    return value.flatMap((item, at) => faultsOf(schema.items ?? {}, item, `${place}[${at}]`, schemas));
  }
  if (typeof value === 'object' && value !== null) return objectFaults(schema, value as Values, place, schemas, closed);
  return [];
}

function hasType(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function textFaults(schema: Schema, value: string, say: (must: string) => string[]): string[] {
  if (value.length < (schema.minLength ?? 0)) return say(`at least ${schema.minLength} characters`);
  if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY))
    return say(`at most ${schema.maxLength} characters`);
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) return say(sidWords(schema.pattern));
  const format = schema.format && !schema.pattern ? FORMATS[schema.format] : undefined;
  return format && !format[0].test(value) ? say(format[1]) : [];
}

function sidWords(pattern: string): string {
  const prefix = /^\^\(?([A-Z|]{2,})\)?\[0-9a-f/.exec(pattern)?.[1];
  return prefix ? `a SID: ${prefix.split('|').join(' or ')} and 32 hex digits` : `of the form ${pattern}`;
}

/**
 * An object takes the properties that its schema names, in itself or in its parts, and no others.
 * The parts of an object are checked `closed: false`, as each knows only some of them.
 */
function objectFaults(schema: Schema, value: Values, place: string, schemas: Schemas, closed: boolean): string[] {
  const faults: string[] = [];
  for (const name of schema.required ?? []) if (!(name in value)) faults.push(`${place}.${name} is required`);
  const known = propertiesOf(schema, schemas);
  const open = schema.additionalProperties;
  for (const [name, item] of Object.entries(value)) {
    const own = schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (own) faults.push(...faultsOf(own, item, `${place}.${name}`, schemas));
    else if (typeof open === 'object') faults.push(...faultsOf(open, item, `${place}.${name}`, schemas));
    else if (closed && open !== true && known !== undefined && !known.has(name))
      faults.push(
        unknown(
          `${place}.${name}`,
          [...known].map((one) => `${place}.${one}`),
          `${place} takes`,
        ),
      );
  }
  for (const part of schema.allOf ?? []) faults.push(...faultsOf(part, value, place, schemas, false));
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice) {
    const tries = choice.map((part) => faultsOf(part, value, place, schemas, false));
    // The branch that fits best tells most.
    if (!tries.some((found) => found.length === 0)) faults.push(...tries.sort((a, b) => a.length - b.length)[0]!);
  }
  return faults;
}

/** Names of all properties of an object; undefined where it takes any. */
function propertiesOf(given: Schema, schemas: Schemas): Set<string> | undefined {
  const schema = resolve(given, schemas);
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].map((part) =>
    propertiesOf(part, schemas),
  );
  if (parts.includes(undefined) || (!schema.properties && parts.length === 0)) return undefined;
  return new Set([...Object.keys(schema.properties ?? {}), ...parts.flatMap((part) => [...part!])]);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
