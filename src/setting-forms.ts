import * as z from 'zod';

/*
 * Forms of variables that several settings have.
 */

/** `true` or `false`. */
export const booleanVariable = (fallback: boolean) =>
  z
    .string()
    .regex(/^(true|false)$/i, 'must be true or false')
    .transform((value) => value.toLowerCase() === 'true')
    .default(fallback);

/** The items of a list separated by commas or blanks, each once. */
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
