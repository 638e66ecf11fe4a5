import { RE2JS } from 're2js';

/*
 * Rules for the listed schemas. Clients pass them on to their model's API, and one schema that an API refuses fails every
 * request of the conversation, other servers' tools included.
 */

/** A node of a listed schema. */
export interface Schema {
  type?: unknown;
  format?: string;
  pattern?: string;
  enum?: readonly unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: readonly string[];
  description?: string;
}

/** Keywords that all APIs understand; `additionalProperties` is added for the root, from which converters remove it. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...['type', 'description', 'default', 'enum', 'properties', 'required', 'items'],
  ...['pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems'],
]);
const TYPES: readonly unknown[] = ['string', 'integer', 'number', 'boolean', 'array', 'object'];

const compiles = (pattern: string) => {
  try {
    return Boolean(RE2JS.compile(pattern));
  } catch {
    return false;
  }
};

/** What the API of each model refuses: true for a breach. */
const REFUSED: Readonly<Record<string, (schema: Schema, isRoot: boolean) => boolean>> = {
  'Every API: a keyword that some do not know': (schema, isRoot) =>
    Object.keys(schema).some((key) => !KEYWORDS.has(key) && !(isRoot && key === 'additionalProperties')),
  'Every API: a type that is missing or a union': ({ type }) => !TYPES.includes(type),
  'Every API: a root that is not an object': ({ type, properties }, isRoot) =>
    isRoot && (type !== 'object' || properties === undefined),
  'OpenAI: a pattern with lookaround or backreferences': ({ pattern = '' }) => /\(\?[^:]|\\[1-9k]/.test(pattern),
  'OpenAI: a description above 1,024 characters': ({ description = '' }) => description.length > 1024,
  'llama.cpp: a pattern that is not anchored': ({ pattern }) => pattern !== undefined && !/^\^.*\$$/.test(pattern),
  'RE2: a pattern that does not compile': ({ pattern }) => pattern !== undefined && !compiles(pattern),
  'Anthropic: an odd argument name': ({ properties = {} }) =>
    Object.keys(properties).some((name) => !/^[a-zA-Z0-9_.-]{1,64}$/.test(name)),
  'Gemini, parameters: a format other than date-time': ({ type, format }) =>
    format !== undefined && !(type === 'string' && format === 'date-time'),
  'Gemini, parameters: an object without properties': ({ type, properties = {} }, isRoot) =>
    !isRoot && type === 'object' && Object.keys(properties).length === 0,
  'Gemini, parameters: an enum of anything but non-empty strings': ({ type, enum: values }) =>
    values !== undefined &&
    (type !== 'string' || values.length === 0 || values.some((value) => typeof value !== 'string' || value === '')),
  'Gemini, both forms: an array without items': ({ type, items }) => (type === 'array') !== (items !== undefined),
  'Gemini, both forms: a required argument that does not exist': ({ properties = {}, required = [] }) =>
    required.some((name) => !Object.hasOwn(properties, name)),
  'Bedrock: an empty description': ({ description }) => description?.trim() === '',
};

function* nodesOf(schema: Schema, path: string): Generator<readonly [path: string, schema: Schema]> {
  yield [path, schema];
  for (const [name, property] of Object.entries(schema.properties ?? {})) yield* nodesOf(property, `${path}.${name}`);
  if (schema.items) yield* nodesOf(schema.items, `${path}[]`);
}

/** The rules that a schema breaches, as `path: rule`. */
export const refusals = (root: Schema, name: string): readonly string[] =>
  [...nodesOf(root, name)].flatMap(([path, schema]) =>
    Object.entries(REFUSED)
      .filter(([, isBreach]) => isBreach(schema, path === name))
      .map(([rule]) => `${path}: ${rule}`),
  );
