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

const CODE_FIELD = /^error_?code$/i;

/** Meaning and remedy of each common error code in a result, each once; undefined if the result has no such code. */
export function describeErrorCodes(result: unknown): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, content] of Object.entries(value)) {
      if (typeof content === 'object') collect(content);
      else if (CODE_FIELD.test(name) && Object.hasOwn(TEXTS, String(content)))
        found[String(content)] = TEXTS[String(content)]!;
    }
  };
  collect(result);
  return Object.keys(found).length > 0 ? found : undefined;
}
