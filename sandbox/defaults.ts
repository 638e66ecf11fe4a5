/** Values of fields that a request leaves out, where the API description says them in words. */
import { snake } from '../openapi/names';
import type { SpecOperation, SpecSchema } from '../openapi/spec';
import type { Properties } from './json';
import { flattenSchema } from './response-body';
import type { SandboxRequest } from './types';

/** E.g. "and defaults to `POST`", "The default is 1000." and "The default value is 24 hours (86,400 seconds)". */
const SENTENCE = /\bdefaults? (?:to|is|value is) (?:`([^`{}]+)`|([\w,]+)(?: hours \(([\d,]+) seconds\))?)/i;

const cachedDefaults = new WeakMap<SpecOperation, Properties>();

/** The documented defaults of an operation's fields, by the names of the properties that they set. */
export function documentedDefaults({ operation, document }: SandboxRequest): Properties {
  let defaults = cachedDefaults.get(operation);
  if (!defaults) {
    const fields = Object.entries(flattenSchema(document, operation.body?.schema).properties ?? {});
    const found = fields.map(([name, schema]) => [snake(name), documentedDefault(document.resolve(schema))] as const);
    defaults = Object.fromEntries(found.filter(([, value]) => value !== undefined));
    cachedDefaults.set(operation, defaults);
  }
  return defaults;
}

function documentedDefault({ description, type, enum: values }: SpecSchema): unknown {
  const [, quoted, plain, seconds] = SENTENCE.exec(String(description ?? '')) ?? [];
  const text = quoted ?? seconds ?? plain;
  if (text === undefined) return undefined;
  if (type === 'boolean') return /^(true|false)$/.test(text) ? text === 'true' : undefined;
  if (type === 'integer') return /^[\d,]+$/.test(text) ? Number(text.replaceAll(',', '')) : undefined;
  if (values) return values.find((value) => value === text);
  return type === 'string' ? quoted : undefined;
}
