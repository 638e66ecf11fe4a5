import type { RequestClient, Twilio } from 'twilio';
import type { Config } from './config';
import { refusalOf } from './errors';
import { isRecord } from './formats';
import { type RequestBudget, regionOf, requestWithin, type TwilioRequest, unusable } from './upstream';

type TwilioResponse = Awaited<ReturnType<RequestClient['request']>>;

let twilioModule: typeof import('twilio') | undefined;

/** Loading takes 0.2 s, so it waits for the first tool that calls Twilio. */
function loadTwilio(): typeof import('twilio') {
  if (twilioModule === undefined) {
    twilioModule = require('twilio') as typeof import('twilio');
    keepMissingDates(require('twilio/lib/base/deserialize'));
  }
  return twilioModule;
}

/** The client reads a date that an answer lacks as the present; with this, it stays undefined. */
function keepMissingDates(parsers: Record<string, (text?: string) => unknown>): void {
  for (const name of ['iso8601Date', 'iso8601DateTime', 'rfc2822DateTime']) {
    const parse = parsers[name]!;
    parsers[name] = (text) => (text === undefined ? undefined : parse(text));
  }
}

/** The client of the configured account for one tool call: all its requests share the budget. */
export const openTwilio = (config: Config, budget: RequestBudget): Twilio =>
  loadTwilio()(config.apiKey, config.apiSecret, {
    accountSid: config.accountSid,
    // Empty strings keep the client from reading its own variables.
    ...regionOf(config),
    httpClient: { request: (options: TwilioRequest) => requestWithin(budget, options) } as RequestClient,
  });

/**
 * Sends a request for which the client has no method. Throws as the client does, and if the answer is not of the kind
 * that the operation has: a body, or a redirect. Without these, any body is one.
 */
export async function request(
  twilio: Twilio,
  options: Parameters<Twilio['request']>[0],
  { hasBody = false, redirects = false } = {},
): Promise<TwilioResponse> {
  // Marks the request for `checkAnswer`; the redirect is never followed.
  const answer = await twilio.request({ ...options, allowRedirects: true });
  const { statusCode } = answer;
  if (statusCode >= 400) throw refusalOf(answer);
  if (statusCode >= 300 ? !redirects : hasBody && !isRecord(answer.body)) throw unusable(statusCode);
  return answer;
}

/** Posts a form with files, which the client cannot. Returns the body and throws as the client does. */
export async function postForm(twilio: Twilio, uri: string, form: FormData): Promise<Record<string, unknown>> {
  const { body } = await request(twilio, { method: 'post', uri, data: form }, { hasBody: true });
  return body as Record<string, unknown>;
}

/** The URL of a path at a host of Twilio, in the region of the account. */
const regionalUrl = (twilio: Twilio, host: string, path: string): string =>
  `https://${twilio.getHostname(host, twilio.edge, twilio.region)}${path}`;

/** The download URL of the file behind a media or recording resource's `uri`, if it has one. */
export const fileUrl = (twilio: Twilio, uri: string | null | undefined): string | undefined =>
  uri ? regionalUrl(twilio, 'api.twilio.com', uri.replace(/\.json$/, '')) : undefined;

/** The download URL of a file that is attached to a message of a conversation. */
export const attachmentUrl = (twilio: Twilio, serviceSid: string, mediaSid: string): string =>
  regionalUrl(twilio, 'mcs.us1.twilio.com', `/v1/Services/${serviceSid}/Media/${mediaSid}`);
