/*
 * Forms that several parts of the project recognize. Imports nothing, so that everything can import it.
 */

/** A phone number in E.164. */
export const E164 = /^\+[1-9]\d{1,14}$/;

/**
 * A number in international form, with or without a channel, without its separators; any other text as it is. The zero in
 * +44 (0)20 is not dialled, the one in +39 (06) is, so a number with such a zero stays too.
 */
export const compactNumber = (text: string): string =>
  /^([a-z]+:)?\+[\d\s().\p{Pd}]+$/u.test(text) && !/\(\s*0/.test(text) ? text.replace(/[\s().\p{Pd}]/gu, '') : text;

/** An address as Twilio reads it: without the separators of a number, channel and host in lower case. */
export function canonicalAddress(address: string): string {
  const compact = compactNumber(address.trim().replace(/^[a-z]+:/i, (channel) => channel.toLowerCase()));
  return /^(sips?:|[^\s@:]+@)/.test(compact) ? compact.toLowerCase() : compact;
}

const sidSource = (prefixes: string) => `${prefixes.includes('|') ? `(${prefixes})` : prefixes}[0-9a-fA-F]{32}`;

/** A SID with one of the prefixes: `sidPattern('SM|MM')`. The same form as in Twilio's API descriptions. */
export const sidPattern = (prefixes: string): RegExp => new RegExp(`^${sidSource(prefixes)}$`);

/** The same, or an empty string. */
export const sidOrEmptyPattern = (prefixes: string): RegExp => new RegExp(`^(${sidSource(prefixes)})?$`);

/** What a value that fails `sidPattern(prefixes)` must be. */
export const sidForm = (prefixes: string): string => `a SID: ${prefixes.split('|').join(' or ')} and 32 hex digits`;

/**
 * Whether a name can be one segment of a path, once encoded: empty and dot segments would select another path, with
 * parameters after them too, and control characters and marks of direction make a name look like another.
 */
export const isSegment = (name: string): boolean =>
  !/^\.{0,2}(;|$)/.test(name) && !/[\p{Cs}\p{Cc}\p{Bidi_Control}]/u.test(name);

/** Whether a host, with or without a port, is this machine: what only local processes can reach. */
export const isLoopback = (host: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);

/** Whether a URL's host is this machine. Anything that is not a URL is not. */
export const isLoopbackUrl = (url: string): boolean => URL.canParse(url) && isLoopback(new URL(url).host);

/** Whether a value is an object other than an array, as every resource of Twilio is. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of JSON text; `otherwise` if the text is not JSON. */
export function parseJson(text: string, otherwise?: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** `['x', 'y']` and `['x,y']` list the same names. */
export const splitNames = (values: readonly string[] = []): string[] =>
  values
    .flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter(Boolean);

/** JSON with the keys of objects in order, so that equal values have equal texts. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
