import type { Effect } from './effect';
import { describeCode } from './error-codes';

/** An error whose message is for the agent: what failed and what to do instead. Never contains a credential. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** Twilio did not answer. `sent` is true if this request, or one before it, may have done something. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  constructor(
    readonly sent: boolean,
    /** Goes on from "Twilio": `did not answer within 8 s`. */
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** The fields of twilio's `RestException`, recognized by shape so that an error does not load twilio. */
interface TwilioError {
  status: number;
  code?: number;
  message?: string;
  moreInfo?: string;
  details?: object;
}

export const isTwilioError = (error: unknown): error is TwilioError =>
  error instanceof Error && typeof (error as Partial<TwilioError>).status === 'number';

/** Whether Twilio asks to retry in a moment. Product limits, such as a code checked too often, are a 429 too. */
export const isBusy = (status: number, code: number | undefined): boolean =>
  status === 429 && (code === undefined || code === 20429 || describeCode(code) === undefined);

/** The parts of a tool that an error message depends on. */
interface ErrorContext {
  readonly effect: Effect;
  /** The tool that shows whether a call with an unknown outcome happened. */
  readonly checkWith?: string;
  /** What a 404 means beyond a wrong ID, and what to do. */
  readonly notFoundHint?: string;
}

/** The message for an agent; undefined if the error is this server's own fault. */
export function describeError(error: unknown, context: ErrorContext): string | undefined {
  if (error instanceof ToolError) return error.message;
  if (error instanceof TransportError) {
    if (!error.sent) return `Twilio ${error.reason}. Nothing was done; the call can be repeated.`;
    return `Twilio ${error.reason}. ${retryAdvice(context)}`;
  }
  if (isTwilioError(error)) return describeTwilioError(error, context);
  return undefined;
}

/** The path in a 404: only its last segment may be an ID that the agent knows. */
const MISSING_PATH = / \/\S*?([^\s/?]{1,64}?)(?:\.json)?(?:\?\S*)? was not found/;

/** True if `sentence` contains every word of `other`. */
function containsAllWords(sentence: string, other: string): boolean {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
  const said = new Set(words(sentence));
  return words(other).every((word) => said.has(word));
}

function describeTwilioError({ status, code, message, moreInfo, details }: TwilioError, context: ErrorContext): string {
  const missing = status === 404 && (code === undefined || code === 20404);
  const known = describeCode(code);
  const said = (message || 'no message').replace(MISSING_PATH, ' $1 was not found');
  const parts = [`Twilio error ${code ?? `HTTP ${status}`}: ${said}${/[.!?]$/.test(said) ? '' : '.'}`];
  // Only the details say what is wrong with a Studio flow, for example.
  if (details && Object.keys(details).length > 0) parts.push(`Details: ${JSON.stringify(details).slice(0, 2000)}`);
  if (missing && context.notFoundHint) parts.push(context.notFoundHint);
  else if (known) parts.push(containsAllWords(said, known.meaning) ? known.remedy : `${known.meaning} ${known.remedy}`);
  if (isBusy(status, code)) parts.push('Nothing was done: wait a few seconds, then repeat the call, less often.');
  else if (missing && !known && !context.notFoundHint)
    parts.push('Nothing in this account has this ID: list first, then use an ID from the list.');
  else if (status >= 500) parts.push(retryAdvice(context));
  const link = moreInfo || (code !== undefined && `https://www.twilio.com/docs/errors/${code}`);
  if (link) parts.push(link);
  return parts.join(' ');
}

/** What may have happened, and how to find out, if no proper answer came. */
function retryAdvice({ effect, checkWith }: ErrorContext): string {
  if (effect === 'read')
    return 'Nothing was changed; the call can be repeated, with a smaller limit or narrower filters.';
  const check = checkWith ? `with ${checkWith}` : 'by reading the resource';
  return `The outcome is unknown: it may have been done. Do not repeat the call before checking ${check}.`;
}

/** Adds the meaning and remedy of a resource's error code, if it is a common one. */
export function withMeaning<R extends { errorCode: string | number }>(resource: R) {
  const { meaning, remedy } = describeCode(Number(resource.errorCode)) ?? {};
  return Object.assign(resource, { errorMeaning: meaning, errorRemedy: remedy });
}
