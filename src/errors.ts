import type { Effect } from './effect';
import { describeCode } from './error-codes';

/** An error whose message is for the agent: what failed and what to do instead. Never contains a credential. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  /** The message if earlier requests of the same call may have done something. */
  readonly ifActed?: string;
}

/** An error that only the owner of the server can fix, so that the log shows it too. Contains nothing that a caller sent. */
export class SetupError extends ToolError {
  constructor(
    readonly problem: string,
    readonly fix: string,
  ) {
    super(`${problem} ${fix}`);
  }
}

/** What the log says of an error that the owner has to fix. */
export const warningOf = (error: unknown): { warning?: string } =>
  error instanceof SetupError ? { warning: error.message } : {};

/** Twilio gave no usable answer. `sent` is true if the request may have been carried out all the same. */
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

/** The error for an answer of 400 or above, with the fields of the client's own. */
export function refusalOf({ statusCode, body }: { statusCode: number; body: unknown }): Error {
  const { message, code, more_info: moreInfo, details } = Object(body) as Record<string, unknown>;
  const text = typeof message === 'string' ? message : 'the request failed';
  return Object.assign(new Error(text), { status: statusCode, code, moreInfo, details });
}

/** Whether an error is an HTTP answer of Twilio, as the client throws it. */
export const isTwilioError = (error: unknown): error is TwilioError =>
  error instanceof Error && typeof (error as Partial<TwilioError>).status === 'number';

/** Whether Twilio asks to retry in a moment. Product limits, such as a code checked too often, are a 429 too. */
export const isBusy = (status: number, code: number | undefined): boolean =>
  status === 429 && (code === undefined || code === 20429 || describeCode(code) === undefined);

/** Whether a request answered with this status may have been carried out all the same. */
export const isUnclear = (status: number): boolean => status >= 500 || status === 408;

/** The parts of a tool that an error message depends on. */
interface ErrorContext {
  readonly effect: Effect;
  /** The tool that shows whether a call with an unknown outcome happened. */
  readonly checkWith?: string;
  /** What to do about an unknown outcome if no tool shows it. */
  readonly ifUnknown?: string;
  /** What a 404 means beyond a wrong ID, and what to do. */
  readonly notFoundHint?: string;
}

/**
 * The message for an agent; undefined if the error is this server's own fault. `acted` says whether a request of the
 * call, this one or an earlier one, may have done something. Without a context it gives no advice on repeating the call.
 */
export function describeError(error: unknown, context?: ErrorContext, acted = false): string | undefined {
  if (error instanceof ToolError) return (acted && error.ifActed) || error.message;
  if (error instanceof TransportError) {
    return `Twilio ${error.reason}.${context ? ` ${retryAdvice(context, acted)}` : ''}`;
  }
  if (isTwilioError(error)) return describeTwilioError(error, context, acted);
  return undefined;
}

/**
 * The value of one part of a result, or why it is missing, so that a part that Twilio refuses does not fail the others.
 * A part that is only read needs no context. Rethrows this server's own errors.
 */
export async function attempt<T>(
  part: Promise<T>,
  context?: ErrorContext,
): Promise<{ value: T; missing?: undefined } | { value?: undefined; missing: string }> {
  try {
    return { value: await part };
  } catch (error) {
    const acted = error instanceof TransportError ? error.sent : isTwilioError(error) && isUnclear(error.status);
    const missing = describeError(error, context, acted);
    if (missing === undefined) throw error;
    return { missing };
  }
}

/** A part of a result that is read on its own: its value, or why it is missing. */
export async function part<T>(name: string, request: Promise<T>): Promise<{ value?: T; unread?: string }> {
  const { value, missing } = await attempt(request);
  return { value, unread: missing && `The ${name} could not be read. ${missing}` };
}

/** Longest text of Twilio's in an error: what to do about it comes after it. */
const MAX_SAID_CHARS = 1000;

/** The path in a 404: only its last segment may be an ID that the agent knows. */
const MISSING_PATH = / \/\S*?([^\s/?]{1,64}?)(?:\.json)?(?:\?\S*)? was not found/;

/** True if `sentence` contains every word of `other`. */
function containsAllWords(sentence: string, other: string): boolean {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
  const said = new Set(words(sentence));
  return words(other).every((word) => said.has(word));
}

function describeTwilioError(error: TwilioError, context: ErrorContext | undefined, acted: boolean): string {
  const { status, code, message, moreInfo, details } = error;
  const missing = status === 404 && (code === undefined || code === 20404);
  const known = describeCode(code);
  const said = (message || 'no message').slice(0, MAX_SAID_CHARS).replace(MISSING_PATH, ' $1 was not found');
  const parts = [`Twilio error ${code ?? `HTTP ${status}`}: ${said}${/[.!?]$/.test(said) ? '' : '.'}`];
  // Only the details say what is wrong with a Studio flow, for example.
  if (details && Object.keys(details).length > 0) parts.push(`Details: ${JSON.stringify(details).slice(0, 2000)}`);
  if (missing && context?.notFoundHint) parts.push(context.notFoundHint);
  else if (known) parts.push(containsAllWords(said, known.meaning) ? known.remedy : `${known.meaning} ${known.remedy}`);
  if (missing && !known && !context?.notFoundHint)
    parts.push('Nothing in this account has this ID: list first, then use an ID from the list.');
  if (context && (acted || isUnclear(status))) parts.push(retryAdvice(context, acted));
  else if (context && isBusy(status, code))
    parts.push('Nothing was done: wait a few seconds, then repeat the call, less often.');
  const link = moreInfo?.slice(0, 200) || (code !== undefined && `https://www.twilio.com/docs/errors/${code}`);
  if (link) parts.push(link);
  return parts.join(' ');
}

/** What may have happened, and how to find out, if a call failed without a clear refusal. */
export function retryAdvice({ effect, checkWith, ifUnknown }: ErrorContext, acted: boolean): string {
  if (effect === 'read')
    return 'Nothing was changed; the call can be repeated, with a smaller limit or narrower filters.';
  if (!acted) return 'Nothing was done; the call can be repeated.';
  const check = `Do not repeat the call before checking ${checkWith ? `with ${checkWith}` : 'by reading the resource'}.`;
  return `The outcome is unknown: it may have been done. ${ifUnknown ?? check}`;
}
