/** Makes up a valid value for a schema: for answers that have to hold something, and for requests that try every field. */
import { randomBytes, randomInt } from 'node:crypto';
import type { SpecDocument, SpecSchema } from '../openapi/spec';

/** A fresh SID, e.g. `freshSid('SM')`. */
export function freshSid(prefix: string): string {
  return prefix + randomBytes(16).toString('hex');
}

/** The two letters in front of a SID that a pattern such as `^(SM|MM)[0-9a-fA-F]{32}$` allows; the first if several. */
export function sidPrefix(pattern: string | undefined): string | undefined {
  return /^\^?\(?([A-Za-z]{2})(?:\|[A-Za-z|]+)?\)?\[[0-9a-fA-F-]+\]\{32\}\$?$/.exec(pattern ?? '')?.[1];
}

/** A string that a regular expression matches: classes, groups, alternatives and quantifiers; look-arounds are skipped. */
export function stringOf(pattern: string): string {
  return new PatternReader(pattern).alternatives();
}

/** A valid value. `optional`: also the properties that are not required. */
export function sample(document: SpecDocument, given: SpecSchema | undefined, optional = true, depth = 0): unknown {
  const schema = document.resolve(given) ?? {};
  if (schema.enum) return schema.enum.find((value) => value !== null);
  if (schema.allOf) return mergeAll(schema.allOf.map((part) => sample(document, part, optional, depth)));
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice) {
    const base = schema.properties ? objectOf(document, schema, optional, depth) : {};
    const first = sample(document, choice[0], optional, depth + 1);
    return typeof first === 'object' && first !== null ? { ...base, ...discriminated(document, schema, first) } : first;
  }
  switch (schema.type ?? (schema.properties ? 'object' : undefined)) {
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return Math.min(Math.max(schema.minimum ?? 1, 1), schema.maximum ?? Number.MAX_SAFE_INTEGER);
    case 'boolean':
      return true;
    case 'array': {
      const count = Math.max(schema.minItems ?? 1, depth > 8 ? 0 : 1);
      return Array.from({ length: count }, () => sample(document, schema.items, optional, depth + 1));
    }
    case 'object':
      return objectOf(document, schema, optional, depth);
    default:
      return {};
  }
}

function objectOf(
  document: SpecDocument,
  schema: SpecSchema,
  optional: boolean,
  depth: number,
): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const required = schema.required?.includes(name);
    // A schema may hold itself: past some depth only what must be there.
    if (required || (optional && depth < 6)) object[name] = sample(document, property, optional, depth + 1);
  }
  return object;
}

/** Where a discriminator names the branches, the first branch's name goes with the first branch. */
function discriminated(document: SpecDocument, schema: SpecSchema, value: object): object {
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

const FORMATS: Record<string, () => string> = {
  'date-time': () => new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
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

/** E.g. `Thu, 24 Aug 2023 05:01:45 +0000`, the way the 2010 API writes time. */
export function rfc2822(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

function text(schema: SpecSchema): string {
  const prefix = sidPrefix(schema.pattern);
  if (prefix) return freshSid(prefix);
  if (schema.pattern) {
    const example = schema.example;
    if (typeof example === 'string' && new RegExp(schema.pattern).test(example)) return example;
    return stringOf(schema.pattern);
  }
  const made = (FORMATS[schema.format ?? ''] ?? (() => 'sandbox'))();
  return made.padEnd(schema.minLength ?? 0, 'x').slice(0, schema.maxLength ?? Number.POSITIVE_INFINITY);
}

/** Reads a regular expression from left to right and writes one string that it matches. */
class PatternReader {
  #at = 0;
  readonly #source: string;
  constructor(source: string) {
    this.#source = source;
  }

  /** Reads to the end or the closing parenthesis, and keeps the first non-empty alternative. */
  alternatives(): string {
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
    const least = quantifier[3] ? (quantifier[3] === '+' ? 1 : 0) : Number(quantifier[1]);
    const most = quantifier[2] === undefined ? least : quantifier[2] === '' ? least + 3 : Number(quantifier[2]);
    // One where none would do: an empty string is seldom what a field is for.
    const count = least === 0 && most > 0 ? 1 : least;
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
    const look = /^\?(?:[=!]|<[=!])/.test(source.slice(this.#at));
    this.#at += /^\?(?:[:=!]|<[=!])/.exec(source.slice(this.#at))?.[0].length ?? 0;
    const start = this.#at;
    this.alternatives();
    const inner = source.slice(start, this.#at);
    this.#at++;
    return look ? () => '' : () => new PatternReader(inner).alternatives();
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
    const fitting = candidates.filter((candidate) => matcher.test(candidate));
    return () => fitting[randomInt(fitting.length)] ?? 'x';
  }

  #classEnd(): number {
    for (let i = this.#at; i < this.#source.length; i++) {
      if (this.#source[i] === '\\') i++;
      else if (this.#source[i] === ']' && i > this.#at) return i;
    }
    return this.#source.length;
  }
}
