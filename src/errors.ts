import { ERROR_CODES } from './error-codes';
import type { Tool } from './tool';

/** An error in words for the agent: what failed, and what to do instead. Never holds a credential. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** Twilio gave no answer. `sent` tells whether something may have been done: by this request, or one before it. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  constructor(
    readonly sent: boolean,
    /** What happened, in words that fit after "Twilio": `did not answer within 8 s`. */
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** The fields of twilio's `RestException`, told by shape so that twilio is not loaded to look at an error. */
interface TwilioError {
  status: number;
  code?: number;
  message?: string;
  moreInfo?: string;
  details?: object;
}

export const isTwilioError = (error: unknown): error is TwilioError =>
  error instanceof Error && typeof (error as Partial<TwilioError>).status === 'number';

/** Whether Twilio asks to come again in a moment. Limits of products (a code checked too often) are a 429 as well. */
export const isBusy = (status: number, code: number | undefined): boolean =>
  status === 429 && (code === undefined || code === 20429 || ERROR_CODES[code] === undefined);

/** What an explanation needs to know of the tool. */
type Told = Pick<Tool, 'effect' | 'checkWith' | 'notFoundHint'>;

/** Turns what a tool threw into words for the agent; undefined where the fault is ours. */
export function explain(error: unknown, tool: Told): string | undefined {
  if (error instanceof ToolError) return error.message;
  if (error instanceof TransportError) {
    if (!error.sent) return `Twilio ${error.reason}. Nothing was done; the call can be repeated.`;
    return `Twilio ${error.reason}. ${outcome(tool)}`;
  }
  if (isTwilioError(error)) return explainTwilio(error, tool);
  return undefined;
}

/** The path of a resource that is missing: an agent did not write it; only its last part may be an id that it gave. */
const MISSING_PATH = / \/\S*?([^\s/?]{1,64}?)(?:\.json)?(?:\?\S*)? was not found/;

/** Whether a sentence has all the words of another, so that the other adds nothing. */
function saysAll(sentence: string, other: string): boolean {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
  const said = new Set(words(sentence));
  return words(other).every((word) => said.has(word));
}

function explainTwilio({ status, code, message, moreInfo, details }: TwilioError, tool: Told): string {
  const missing = status === 404 && (code === undefined || code === 20404);
  const known = code === undefined ? undefined : ERROR_CODES[code];
  const said = (message || 'no message').replace(MISSING_PATH, ' $1 was not found');
  const parts = [`Twilio error ${code ?? `HTTP ${status}`}: ${said}${/[.!?]$/.test(said) ? '' : '.'}`];
  // Where a Studio flow is wrong, for one, only the details say it.
  if (details && Object.keys(details).length > 0) parts.push(`Details: ${JSON.stringify(details).slice(0, 2000)}`);
  if (missing && tool.notFoundHint) parts.push(tool.notFoundHint);
  else if (known) parts.push(saysAll(said, known.meaning) ? known.remedy : `${known.meaning} ${known.remedy}`);
  if (isBusy(status, code)) parts.push('Nothing was done: wait some seconds, then repeat the call, less often.');
  else if (missing && !known && !tool.notFoundHint)
    parts.push('Nothing has this id in this account: list first, then use an id from the list.');
  else if (status >= 500) parts.push(outcome(tool));
  const link = moreInfo || (code !== undefined && `https://www.twilio.com/docs/errors/${code}`);
  if (link) parts.push(link);
  return parts.join(' ');
}

/** What may have happened where no proper answer came. */
function outcome({ effect, checkWith }: Pick<Tool, 'effect' | 'checkWith'>): string {
  if (effect === 'read')
    return 'Nothing was changed; the call can be repeated, with a smaller limit or narrower filters.';
  const check = checkWith ? `with ${checkWith}` : 'by reading the resource';
  return `The outcome is unknown: it may have been done. Do not repeat the call before checking ${check}.`;
}

/** What an error code of Twilio's means and what to do, in one sentence each; undefined where the dictionary has it not. */
export const describeCode = (code: number): { meaning: string; remedy: string } | undefined => ERROR_CODES[code];

/** Adds to a resource what its error code means and what to do, where the dictionary has it. */
export function withMeaning<R extends { errorCode: string | number }>(resource: R) {
  const { meaning, remedy } = describeCode(Number(resource.errorCode)) ?? {};
  return Object.assign(resource, { errorMeaning: meaning, errorRemedy: remedy });
}
