/** Generates valid values for schemas: for response properties without an example and for generated requests. */
import { randomInt } from 'node:crypto';
import type { SpecDocument, SpecSchema } from '../openapi/spec';
import { isoSeconds, rfc2822 } from './dates';
import { newSid, sidPrefix } from './sids';

/** A valid value; with `optional`, objects have all their properties, otherwise the required ones. */
export function sampleValue(
  document: SpecDocument,
  source: SpecSchema | undefined,
  optional = true,
  depth = 0,
): unknown {
  const schema = document.resolve(source) ?? {};
  if (schema.enum) return schema.enum.find((value) => value !== null);
  if (schema.allOf) return mergeAll(schema.allOf.map((part) => sampleValue(document, part, optional, depth)));
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice) {
    const base = schema.properties ? sampleObject(document, schema, optional, depth) : {};
    const first = sampleValue(document, choice[0], optional, depth + 1);
    return typeof first === 'object' && first !== null
      ? { ...base, ...withDiscriminator(document, schema, first) }
      : first;
  }
  switch (schema.type ?? (schema.properties ? 'object' : undefined)) {
    case 'string':
      return sampleString(schema);
    case 'integer':
    case 'number':
      return Math.min(Math.max(schema.minimum ?? 1, 1), schema.maximum ?? Number.MAX_SAFE_INTEGER);
    case 'boolean':
      return true;
    case 'array': {
      const count = Math.max(schema.minItems ?? 1, depth > 8 ? 0 : 1);
      return Array.from({ length: count }, () => sampleValue(document, schema.items, optional, depth + 1));
    }
    case 'object':
      return sampleObject(document, schema, optional, depth);
    default:
      return {};
  }
}

function sampleObject(
  document: SpecDocument,
  schema: SpecSchema,
  optional: boolean,
  depth: number,
): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const required = schema.required?.includes(name);
    // Schemas can be recursive: below this depth, only required properties.
    if (required || (optional && depth < 6)) object[name] = sampleValue(document, property, optional, depth + 1);
  }
  return object;
}

/** Sets the discriminator to the name of the first alternative, which the sample is made from. */
function withDiscriminator(document: SpecDocument, schema: SpecSchema, value: object): object {
  const discriminator = schema.discriminator as { propertyName: string; mapping?: Record<string, string> } | undefined;
  const first = (schema.oneOf ?? schema.anyOf)?.[0]?.$ref;
  const name = Object.entries(discriminator?.mapping ?? {}).find(([, ref]) => ref === first)?.[0];
  const declared = document.resolve(schema.oneOf?.[0])?.properties?.[discriminator?.propertyName ?? ''];
  if (!discriminator || !name || document.resolve(declared)?.enum) return value;
  return { ...value, [discriminator.propertyName]: name };
}

function mergeAll(values: unknown[]): unknown {
  if (values.some((value) => typeof value !== 'object' || value === null)) return values[0];
  return Object.assign({}, ...(values as object[]));
}

const FORMAT_SAMPLES: Record<string, () => string> = {
  'date-time': () => isoSeconds(new Date()),
  'date-time-rfc-2822': () => rfc2822(new Date()),
  'day-or-time': () => new Date().toISOString().slice(0, 10),
  date: () => new Date().toISOString().slice(0, 10),
  uri: () => 'https://example.com/sandbox',
  email: () => 'agent@example.com',
  'phone-number': () => '+15005550006',
  'http-method': () => 'POST',
  'iso-country-code': () => 'US',
  currency: () => 'USD',
  uuid: () => '01890a5d-aa0f-7c80-b8e6-0242ac140004',
  duration: () => 'PT5M',
  byte: () => 'c2FuZGJveA==',
};

function sampleString(schema: SpecSchema): string {
  const prefix = sidPrefix(schema.pattern);
  if (prefix) return newSid(prefix);
  if (schema.pattern) {
    const example = schema.example;
    if (typeof example === 'string' && new RegExp(schema.pattern).test(example)) return example;
    return new PatternSampler(schema.pattern).sample();
  }
  const text = (FORMAT_SAMPLES[schema.format ?? ''] ?? (() => 'sandbox'))();
  return text.padEnd(schema.minLength ?? 0, 'x').slice(0, schema.maxLength ?? Number.POSITIVE_INFINITY);
}

/** Reads a regular expression from left to right and returns a string that it matches. Ignores lookarounds. */
class PatternSampler {
  #at = 0;
  readonly #source: string;
  constructor(source: string) {
    this.#source = source;
  }

  /** Reads up to the end or the closing parenthesis; returns the first alternative that is not empty. */
  sample(): string {
    const options = [''];
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      if (this.#source[this.#at] === '|') {
        this.#at++;
        options.push('');
      } else options[options.length - 1] += this.#term();
    }
    return options.find((option) => option !== '') ?? '';
  }

  #term(): string {
    const atom = this.#atom();
    const quantifier = /^(?:\{(\d+)(?:,(\d*))?\}|([*+?]))\??/.exec(this.#source.slice(this.#at));
    if (!quantifier) return atom();
    this.#at += quantifier[0].length;
    const min = quantifier[3] ? (quantifier[3] === '+' ? 1 : 0) : Number(quantifier[1]);
    const max = quantifier[2] === undefined ? min : quantifier[2] === '' ? min + 3 : Number(quantifier[2]);
    // An empty string is rarely a useful value, so a part with {0,n} appears once.
    const count = min === 0 && max > 0 ? 1 : min;
    return Array.from({ length: count }, atom).join('');
  }

  #atom(): () => string {
    const source = this.#source;
    const character = source[this.#at++]!;
    if (character === '^' || character === '$') return () => '';
    if (character === '.') return () => 'x';
    if (character === '\\') return this.#escape(source[this.#at++]!);
    if (character === '[') return this.#class();
    if (character !== '(') return () => character;
    const isLookaround = /^\?(?:[=!]|<[=!])/.test(source.slice(this.#at));
    this.#at += /^\?(?:[:=!]|<[=!])/.exec(source.slice(this.#at))?.[0].length ?? 0;
    const start = this.#at;
    this.sample();
    const inner = source.slice(start, this.#at);
    this.#at++;
    return isLookaround ? () => '' : () => new PatternSampler(inner).sample();
  }

  #escape(letter: string): () => string {
    if (letter === 'd') return () => String(randomInt(1, 10));
    if (letter === 'w') return () => 'x';
    if (letter === 's') return () => ' ';
    if (letter === 'b') return () => '';
    if (letter === 'S' || letter === 'D') return () => 'x';
    return () => letter;
  }

  #class(): () => string {
    const end = this.#classEnd();
    const inside = this.#source.slice(this.#at, end);
    this.#at = end + 1;
    const matcher = new RegExp(`[${inside}]`);
    const candidates = [...'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-_. /:@'];
    const matching = candidates.filter((candidate) => matcher.test(candidate));
    return () => matching[randomInt(matching.length)] ?? 'x';
  }

  #classEnd(): number {
    for (let i = this.#at; i < this.#source.length; i++) {
      if (this.#source[i] === '\\') i++;
      else if (this.#source[i] === ']' && i > this.#at) return i;
    }
    return this.#source.length;
  }
}
