import { closestNames } from '../closest-names';
import { ToolError } from '../errors';
import { sidForm } from '../formats';
import { pathName } from '../params';
import { twimlProblem } from '../twiml';
import type { Operation, OperationParameter, Schema, Schemas } from './catalogue';

export type ParameterValues = Record<string, unknown>;

/** Checked values by location, under the names that Twilio reads. */
export type CheckedParameters = Record<OperationParameter['in'], ParameterValues>;

const MAX_PROBLEMS = 8;

/**
 * Checks parameters against the catalogue and sorts them by location. Throws a `ToolError` that lists every problem,
 * with the closest existing names for an unknown one.
 */
export function checkParameters(operation: Operation, schemas: Schemas, input: ParameterValues): CheckedParameters {
  const checked: CheckedParameters = { path: {}, query: {}, header: {}, form: {}, body: {} };
  const byName = new Map(operation.parameters.map((parameter) => [parameter.name, parameter]));
  const problems: string[] = [];
  for (const [name, value] of Object.entries(input)) {
    const parameter = byName.get(name);
    if (parameter === undefined) {
      problems.push(unknownName(name, [...byName.keys()], operation.id));
    } else if (value !== null && value !== undefined) {
      const decoded = parameter.in === 'body' ? value : decodeText(resolveSchema(parameter.schema, schemas), value);
      problems.push(...problemsOf(parameter.schema, decoded, name, schemas));
      if (parameter.in === 'path') problems.push(...pathProblems(name, decoded));
      if (parameter.in === 'header' && typeof decoded === 'string' && !/^[\x20-\x7e]*$/.test(decoded))
        problems.push(`${name} must be plain ASCII`);
      checked[parameter.in][parameter.wire ?? name] = decoded;
    }
  }
  for (const { name, required, description } of operation.parameters) {
    if (required && (input[name] === undefined || input[name] === null))
      problems.push(`${name} is required${description ? ` (${description.split('. ')[0]!.slice(0, 120)})` : ''}`);
  }
  if (problems.length > 0) {
    const more = problems.length > MAX_PROBLEMS ? ` And ${problems.length - MAX_PROBLEMS} more.` : '';
    throw new ToolError(
      `Invalid parameters for ${operation.id}; nothing was sent. ${problems.slice(0, MAX_PROBLEMS).join('. ')}.${more} Call twilio_api_describe for the full list.`,
    );
  }
  return checked;
}

/** Names that differ only in case and separators: `To`, `to`; `StatusCallback`, `statusCallback`, `status_callback`. */
const foldName = (name: string): string => name.toLowerCase().replace(/[_\s-]/g, '');

/**
 * The values under the names of the operation's parameters, if each can mean only one of them. Unknown names stay.
 * Throws a `ToolError` if two names mean the same parameter.
 */
export function withExactNames({ id, parameters }: Operation, input: ParameterValues): ParameterValues {
  const exact = new Set(parameters.map(({ name }) => name));
  const named: ParameterValues = {};
  for (const [given, value] of Object.entries(input)) {
    const [like, another] = exact.has(given)
      ? [given]
      : [...exact].filter((name) => foldName(name) === foldName(given));
    const name = like === undefined || another !== undefined ? given : like;
    if (Object.hasOwn(named, name)) {
      throw new ToolError(
        `Invalid parameters for ${id}; nothing was sent. ${name} is given twice, in two spellings: give it once.`,
      );
    }
    named[name] = value;
  }
  return named;
}

function pathProblems(name: string, value: unknown): string[] {
  const result = pathName(name).safeParse(typeof value === 'string' ? value : JSON.stringify(value));
  return result.success ? [] : [`${name} ${result.error.issues[0]!.message}`];
}

/** `owner` is the operation or the object that has the known names. */
function unknownName(name: string, known: readonly string[], owner: string): string {
  const close = closestNames(name, known);
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  if (close.length > 0) return `${shown} is unknown: did you mean ${close.join(' or ')}`;
  return `${shown} is unknown: ${owner} accepts ${known.slice(0, 40).join(', ') || 'nothing'}`;
}

const resolveSchema = (schema: Schema, schemas: Schemas): Schema =>
  schema.$ref === undefined ? schema : resolveSchema(schemas[schema.$ref] ?? {}, schemas);

/** Accepts numbers and booleans as text, and a single item for a list: a form or a query carries only text. */
function decodeText(schema: Schema, value: unknown): unknown {
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
        ? value.map((item) => decodeText(schema.items ?? {}, item))
        : [decodeText(schema.items ?? {}, value)];
    default:
      return value;
  }
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/** The formats that are checked, each with what a value must be. */
const CHECKED_FORMATS: Readonly<Record<string, readonly [RegExp, string]>> = {
  'date-time': [DATE_TIME, 'a date-time such as 2026-01-31T09:00:00Z'],
  'day-or-time': [
    new RegExp(`${DATE.source}|${DATE_TIME.source}`),
    'a date such as 2026-01-31, or a date-time such as 2026-01-31T09:00:00Z',
  ],
  date: [DATE, 'a date such as 2026-01-31'],
  uri: [/^[a-z][a-z0-9+.-]*:\S+$/i, 'an absolute URL'],
  email: [/^[^\s@]+@[^\s@]+$/, 'an email address'],
  'http-method': [/^(GET|POST|PUT|PATCH|DELETE|HEAD)$/, 'an HTTP method'],
  'iso-country-code': [/^[A-Z]{2}$/, 'a two-letter country code such as US'],
};

/** The problems of a value as sentences that start with `path`. */
function problemsOf(source: Schema, value: unknown, path: string, schemas: Schemas, closed = true): string[] {
  const schema = resolveSchema(source, schemas);
  if (value === null && (source.nullable || schema.nullable)) return [];
  const mustBe = (expected: string) => [`${path} must be ${expected}, not ${quote(value)}`];
  if (schema.enum && !schema.enum.includes(value as never)) {
    const [close] = closestNames(String(value), schema.enum.map(String));
    return mustBe(`one of ${schema.enum.join(', ')}${close === undefined ? '' : ` (did you mean ${close}?)`}`);
  }
  if (schema.type && !hasType(schema.type, value))
    return mustBe(/^[aeiou]/.test(schema.type) ? `an ${schema.type}` : `a ${schema.type}`);
  if (typeof value === 'string') return textProblems(schema, value, path, mustBe);
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) return mustBe(`at least ${schema.minimum}`);
    if (schema.maximum !== undefined && value > schema.maximum) return mustBe(`at most ${schema.maximum}`);
    return [];
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) return mustBe(`a list of at least ${schema.minItems}`);
    if (value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY))
      return mustBe(`a list of at most ${schema.maxItems}`);
    return value.flatMap((item, at) => problemsOf(schema.items ?? {}, item, `${path}[${at}]`, schemas));
  }
  if (typeof value === 'object' && value !== null)
    return objectProblems(schema, value as ParameterValues, path, schemas, closed);
  return [];
}

function hasType(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function textProblems(schema: Schema, value: string, path: string, mustBe: (expected: string) => string[]): string[] {
  if (value.length < (schema.minLength ?? 0)) return mustBe(`at least ${schema.minLength} characters`);
  if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY))
    return mustBe(`at most ${schema.maxLength} characters`);
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) {
    const prefixes = sidPrefixesOf(schema.pattern);
    return mustBe(prefixes ? sidForm(prefixes) : `of the form ${schema.pattern}`);
  }
  const problem = schema.format === 'twiml' ? twimlProblem(value) : undefined;
  if (problem) return [`${path} ${problem}`];
  const format = schema.format && !schema.pattern ? CHECKED_FORMATS[schema.format] : undefined;
  return format && !format[0].test(value) ? mustBe(format[1]) : [];
}

/** The prefixes that a pattern for SIDs accepts, such as `SM|MM`; undefined for any other pattern. */
export const sidPrefixesOf = (pattern: string): string | undefined =>
  /^\^\(?([A-Z|]{2,})\)?\[0-9a-f/.exec(pattern)?.[1];

/**
 * An object accepts the properties that its schema or the parts of it name, and no others. The parts themselves are
 * checked with `closed: false`, since each names only some of the properties.
 */
function objectProblems(
  schema: Schema,
  value: ParameterValues,
  path: string,
  schemas: Schemas,
  closed: boolean,
): string[] {
  const problems: string[] = [];
  for (const name of schema.required ?? []) if (!(name in value)) problems.push(`${path}.${name} is required`);
  const known = propertiesOf(schema, schemas);
  const additional = schema.additionalProperties;
  for (const [name, item] of Object.entries(value)) {
    const own = schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    const itemPath = `${path}.${name}`;
    if (own) problems.push(...problemsOf(own, item, itemPath, schemas));
    else if (typeof additional === 'object') problems.push(...problemsOf(additional, item, itemPath, schemas));
    else if (closed && additional !== true && known !== undefined && !known.has(name)) {
      const paths = [...known].map((each) => `${path}.${each}`);
      problems.push(unknownName(itemPath, paths, path));
    }
  }
  for (const part of schema.allOf ?? []) problems.push(...problemsOf(part, value, path, schemas, false));
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) {
    const found = choices.map((part) => problemsOf(part, value, path, schemas, false));
    // Of the choices, the one with the fewest problems is most likely the intended one.
    if (!found.some(({ length }) => length === 0)) problems.push(...found.sort((a, b) => a.length - b.length)[0]!);
  }
  return problems;
}

/** Names of all properties of an object; undefined if it accepts any. */
function propertiesOf(source: Schema, schemas: Schemas): Set<string> | undefined {
  const schema = resolveSchema(source, schemas);
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].map((part) =>
    propertiesOf(part, schemas),
  );
  if (parts.includes(undefined) || (!schema.properties && parts.length === 0)) return undefined;
  return new Set([...Object.keys(schema.properties ?? {}), ...parts.flatMap((part) => [...part!])]);
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
