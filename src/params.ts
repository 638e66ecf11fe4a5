import * as z from 'zod';
import type { Tool } from './tool';

/*
 * The words that tools share. A parameter is written here when a second tool needs it.
 * Whatever becomes a segment of a URL path goes through `sid` or `pathName`: Twilio's client lets dot segments pass.
 */

/** Schemas of the arguments that `selector` marks. */
const unchanging = new WeakSet<z.ZodType>();

/** Marks an argument that says which thing is meant or how it is done: alone it asks an update for no change. */
export const selector = <S extends z.ZodType>(schema: S): S => {
  unchanging.add(schema);
  return schema;
};

export const isSelector = (schema: z.ZodType): boolean => unchanging.has(schema);

/**
 * The arguments of an update of which one has to be given, or it changes nothing while it looks done.
 * None where one that is required, or has a default, makes the change.
 */
export function changesOf({ effect, input }: Pick<Tool, 'effect' | 'input'>): readonly string[] {
  const rest = Object.entries(effect === 'update' ? input() : {}).filter(([, schema]) => !isSelector(schema));
  return rest.every(([, schema]) => schema instanceof z.ZodOptional) ? rest.map(([name]) => name) : [];
}

/** A phone number in E.164, here and wherever else one is checked. */
export const E164 = /^\+[1-9]\d{1,14}$/;

export const e164 = (description: string) =>
  z.string().regex(E164, 'must be a phone number in E.164, such as +15551234567').describe(description);

const ADDRESS = 'must be an address such as +15551234567 or whatsapp:+15551234567';

/** Whether an address is a number as people write it, by which Twilio finds nobody; a short code is none. */
function isMiswrittenNumber(value: string): boolean {
  const number = value.replace(/^whatsapp:/, '');
  return /^[\d\s+().-]+$/.test(number) && !E164.test(number) && !/^\d{3,6}$/.test(number);
}

/** A person or a sender as messages and calls address them: a number, or an address with a channel prefix. */
export const address = (description: string) =>
  z
    .string()
    .regex(/^[^\s/?#][^/?#]{0,254}$/, ADDRESS)
    .refine((value) => !isMiswrittenNumber(value), ADDRESS)
    .describe(description);

/** A SID with one of the prefixes (`sid('SM|MM', …)`). */
export const sid = (prefixes: string, description: string) =>
  selector(
    z
      .string()
      .regex(
        new RegExp(`^${prefixes.includes('|') ? `(${prefixes})` : prefixes}[0-9a-f]{32}$`),
        `must be a SID: ${prefixes.split('|').join(' or ')} and 32 hex digits`,
      )
      .describe(description),
  );

/** A name chosen by a user that becomes a path segment: a unique name, or a SID in its place. */
export const pathName = (description: string) =>
  selector(
    z
      .string()
      .max(320)
      .regex(/^(?!\.{1,2}$)[^/?#%\\\s]+$/, 'must be one name without / ? # % \\ or spaces')
      .describe(description),
  );

/** Free text of 1 to `max` characters. */
export const string = (description: string, max: number) => z.string().min(1).max(max).describe(description);

export const email = (description: string) =>
  z
    .string()
    .max(320)
    .regex(/^[^\s@]+@[^\s@]+$/, 'must be an email address')
    .describe(description);

const isUrl = (value: string) => value.length <= 2048 && /^https?:\/\/\S+$/.test(value);

export const url = (description: string) =>
  z.string().refine(isUrl, 'must be an absolute http(s) URL').describe(description);

/** A URL that stays set until it is cleared. The description of a tool that updates it says how, once for all of them. */
export const clearableUrl = (description: string) =>
  z
    .string()
    .refine((value) => value === '' || isUrl(value), 'must be an absolute http(s) URL, or "" to clear it')
    .describe(description);

export const urls = (description: string, max: number) => z.array(url('URL')).min(1).max(max).describe(description);

export const oneOf = <const V extends readonly [string, ...string[]]>(description: string, values: V) =>
  z.enum(values).describe(description);

export const someOf = <const V extends readonly [string, ...string[]]>(description: string, values: V) =>
  z.array(z.enum(values)).min(1).max(values.length).describe(description);

/** The HTTP method of a webhook. */
export const method = (of: string) => oneOf(`HTTP method of ${of}`, ['GET', 'POST']);

export const boolean = (description: string) => z.boolean().describe(description);

export const integer = (description: string, min: number, max: number) =>
  z.int().min(min).max(max).describe(description);

export const stringList = (description: string, max: number) =>
  z.array(z.string().min(1)).min(1).max(max).describe(description);

/** February has no 30th, which a `Date` takes for a day of March. */
const isDay = (day: string) => !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);

/** An instant, ISO 8601; handed on as a `Date`. */
export const dateTime = (description: string) =>
  z
    .string()
    .refine(
      (value) =>
        /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(value) &&
        !Number.isNaN(Date.parse(value)) &&
        isDay(value.slice(0, 10)),
      'must be ISO 8601, such as 2026-01-31 or 2026-01-31T09:00:00Z',
    )
    .transform((value) => new Date(value))
    .describe(`${description}, ISO 8601`);

/** A day, for filters that Twilio or its client cuts to days; handed on as a `Date`. */
export const date = (description: string) =>
  z
    .string()
    .refine((value) => /^\d{4}-\d\d-\d\d$/.test(value) && isDay(value), 'must be a day, such as 2026-01-31')
    .transform((value) => new Date(value))
    .describe(`${description}, YYYY-MM-DD (UTC)`);

/** Two letters, ISO 3166-1. */
export const country = (description: string) =>
  selector(
    z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a country as two capital letters, such as US')
      .describe(description),
  );

/** A JSON object by the API's own key names. */
export const jsonObject = (description: string) => z.record(z.string(), z.unknown()).describe(description);

/** Whether exactly one of some arguments is given, for those that exclude each other. */
export const exactlyOne = (...given: unknown[]): boolean => given.filter((value) => value !== undefined).length === 1;
