import codes from './error-codes.json';

/*
 * Common Twilio error codes, from https://www.twilio.com/docs/errors/<code>. Each text is one sentence for the meaning,
 * then the remedy.
 */

const TEXTS: Readonly<Record<string, string>> = codes;

/** The codes that `describeCode` knows. */
export const errorCodes = (): string[] => Object.keys(TEXTS);

/** Meaning and remedy of a Twilio error code, or undefined if it is not a common one. */
export function describeCode(code: number | undefined): { meaning: string; remedy: string } | undefined {
  const text = TEXTS[String(code)];
  if (text === undefined) return undefined;
  const end = text.indexOf('. ') + 1;
  return { meaning: text.slice(0, end), remedy: text.slice(end + 1) };
}
