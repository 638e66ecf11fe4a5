import * as z from 'zod';
import { E164, isLoopbackUrl, sidForm, sidPattern } from './formats';

/*
 * What a setting consists of, and the forms of values that several settings share.
 */

export interface Setting {
  /** Its name in `Config`. */
  readonly key: string;
  /** Parses the variable's text; an empty variable counts as not set. Its messages go on from the variable's name. */
  readonly schema: z.ZodType;
  /** What it does and its default, in plain sentences. */
  readonly help: string;
  /** The name that Twilio's own tools use for it, read if the variable itself is not set. */
  readonly alias?: string;
  /** Where its value is found. */
  readonly where?: string;
  /**
   * `credential`: never shown to anyone. `default`: stands in for an argument of tools, so agents may read it.
   * `platform`: set by Twilio Functions. `policy`: limits what agents may do, so they may read it. Any other setting changes what the server does.
   */
  readonly role?: 'credential' | 'default' | 'platform' | 'policy';
}

/** A SID with this prefix. */
export const sidVariable = (prefix: string) => z.string().regex(sidPattern(prefix), `must be ${sidForm(prefix)}`);
/** A phone number in E.164. */
export const phoneNumber = z.string().regex(E164, 'must be a phone number in E.164, such as +15551234567');
/** A URL of the web. */
export const httpUrl = z.string().regex(/^https?:\/\/\S+$/, 'must be an absolute URL');
/** A URL that Twilio calls. */
export const publicUrl = httpUrl.refine(
  (value) => value.startsWith('https:') || isLoopbackUrl(value),
  'must be an https URL, as Twilio sends messages and codes to it',
);
/** A name such as us1. */
export const slug = z.string().regex(/^[a-z0-9-]+$/, 'must be a name such as us1 or dublin');
/** `true` or `false`. */
export const booleanVariable = (fallback: boolean) =>
  z
    .string()
    .regex(/^(true|false)$/i, 'must be true or false')
    .transform((value) => value.toLowerCase() === 'true')
    .default(fallback);
/** The items of a list, each once. */
export const separated = (value: string) => [...new Set(value.split(/[\s,]+/).filter(Boolean))];

/** A list whose items all have a form. An empty item is not one, but a variable without any is malformed. */
export const listSetting = <T = string>(
  isItem: (item: string) => boolean,
  problem: string,
  form = (item: string) => item as T,
) =>
  z
    .string()
    .refine((value) => separated(value).length > 0 && separated(value).every(isItem), { error: problem })
    .transform((value) => separated(value).map(form));
