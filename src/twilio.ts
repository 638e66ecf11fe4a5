import type { RequestClient, Twilio } from 'twilio';
import type { Config } from './config';
import { isBusy, isUnclear, TransportError } from './errors';
import type { Effects } from './tool';

type RequestOptions = Parameters<RequestClient['request']>[0];
type TwilioResponse = Awaited<ReturnType<RequestClient['request']>>;

/** Older sockets may be dead if the platform froze the instance in between; a request on one is lost. */
const MAX_SOCKET_AGE_MS = 4000;
const RETRY_BASE_MS = 200;
/** A request that starts with less time left would hardly be answered and leave its outcome unknown. */
const MIN_REQUEST_MS = 300;

/** Network errors of requests that were never sent. */
const NEVER_SENT = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Edge of each processing region: a region alone would address the deprecated regional hosts. */
const EDGE_OF_REGION: Readonly<Record<string, string>> = { ie1: 'dublin', au1: 'sydney', jp1: 'tokyo' };

let sockets: { client: RequestClient; usedAt: number } | undefined;

/** Shared by all requests, so that one TLS handshake serves many calls. Contains no credentials. */
function sharedSockets(): RequestClient {
  const now = Date.now();
  if (sockets === undefined || now - sockets.usedAt > MAX_SOCKET_AGE_MS) {
    sockets = {
      client: new (loadTwilio().RequestClient)({ timeout: MAX_SOCKET_AGE_MS * 2, keepAlive: true }),
      usedAt: now,
    };
  }
  sockets.usedAt = now;
  return sockets.client;
}

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

/** Looks at every request before it leaves, and throws if it must not. */
type Gate = (request: { method: string; uri: string; data?: unknown }) => Promise<void>;

/** What the requests of one tool call have in common. */
interface RequestBudget {
  readonly deadline: number;
  readonly effects: Effects;
  readonly gate?: Gate;
}

/**
 * The client of the configured account for one tool call. All its requests together end before `deadline` (epoch ms) and
 * are counted in `effects`. Within it a 429 is retried, nothing else. What `gate` refuses is not sent. Throws `TransportError` if Twilio does not answer,
 * or not with what its API answers.
 */
export function openTwilio(config: Config, deadline: number, effects: Effects = { acted: 0 }, gate?: Gate): Twilio {
  const twilio = loadTwilio();
  const budget: RequestBudget = { deadline, effects, gate };
  const edge = config.edge ?? (config.region && EDGE_OF_REGION[config.region]);
  return twilio(config.apiKey, config.apiSecret, {
    accountSid: config.accountSid,
    // Empty strings keep the client from reading its own variables. us1 without an edge is the default host.
    region: (config.region === 'us1' && !edge ? undefined : config.region) ?? '',
    edge: edge ?? '',
    httpClient: { request: (options: RequestOptions) => requestWithin(budget, options) } as RequestClient,
  });
}

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
  if (statusCode >= 400) throw new (loadTwilio().RestException)(answer);
  if (statusCode >= 300 ? !redirects : hasBody && !isResource(answer.body)) throw unusable(statusCode);
  return answer;
}

/** Content type of a form with files. */
const MULTIPART = 'multipart/form-data';

/** Posts a form with files, which the client cannot. Returns the body and throws as the client does. */
export async function postForm(twilio: Twilio, uri: string, form: FormData): Promise<Record<string, unknown>> {
  const headers = { 'Content-Type': MULTIPART };
  const { body } = await request(twilio, { method: 'post', uri, headers, data: form }, { hasBody: true });
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

async function requestWithin(budget: RequestBudget, options: RequestOptions): Promise<TwilioResponse> {
  await budget.gate?.(options);
  for (let attempt = 0; ; attempt++) {
    const answer = await requestCounted(budget, options);
    const pause = isBusy(answer.statusCode, (answer.body as { code?: number } | undefined)?.code)
      ? retryPause(answer, attempt)
      : undefined;
    if (pause === undefined || Date.now() + pause > budget.deadline - MIN_REQUEST_MS) return answer;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Milliseconds until a refused request may be retried: Retry-After, else exponential backoff with jitter. */
function retryPause({ headers }: TwilioResponse, attempt: number): number {
  const after = String((headers as Record<string, unknown> | undefined)?.['retry-after'] ?? '');
  // Seconds or an HTTP date.
  const wait = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  return wait > 0 ? Math.max(RETRY_BASE_MS, wait) : RETRY_BASE_MS * 2 ** attempt * (0.5 + Math.random());
}

/** Whether the request changes something or is charged: a lookup is free without `Fields`. */
const acts = ({ method, uri, params }: RequestOptions): boolean =>
  method !== 'get' || (Boolean((params as { Fields?: string } | undefined)?.Fields) && /\/\/lookups\./.test(uri));

/** Counts what may have been carried out, so that a later error does not deny it. */
async function requestCounted({ deadline, effects }: RequestBudget, options: RequestOptions): Promise<TwilioResponse> {
  const counted = acts(options) ? 1 : 0;
  effects.acted += counted;
  try {
    const answer = await requestOnce(deadline, options);
    if (answer.statusCode >= 400 && !isUnclear(answer.statusCode)) effects.acted -= counted;
    return answer;
  } catch (error) {
    if (error instanceof TransportError && !error.sent) effects.acted -= counted;
    throw error;
  }
}

/** The operations that answer with a redirect to a file. */
const FILE_PATH = /\/(Media|Data\.json)$/;

/** No operation answers with an array. */
const isResource = (body: unknown): boolean => typeof body === 'object' && body !== null && !Array.isArray(body);

const unusable = (status: number) =>
  new TransportError(true, `did not answer as its API does (HTTP ${status}): something else may have answered`);

/**
 * The answer, if it is one that the client can read: it takes a redirect for success, and fails on any body but an object.
 * Throws `TransportError` for others.
 */
function checkAnswer(answer: TwilioResponse, options: RequestOptions): TwilioResponse {
  const { method, uri, allowRedirects: anyAnswer } = options;
  const { statusCode, body } = answer;
  if (statusCode >= 400) return answer;
  if (typeof body === 'string' && body.trim() !== '' && statusCode < 300) {
    throw new TransportError(true, 'did not answer in JSON: something else answered');
  }
  if (anyAnswer || (method === 'get' && statusCode >= 300 && FILE_PATH.test(uri))) return answer;
  // The client reports a deletion as done only with this status.
  if (method === 'delete' && statusCode < 300 && !body) return { ...answer, statusCode: 204 };
  if (statusCode >= 300 || !isResource(body)) throw unusable(statusCode);
  return answer;
}

async function requestOnce(deadline: number, options: RequestOptions): Promise<TwilioResponse> {
  const left = deadline - Date.now();
  if (left < MIN_REQUEST_MS) throw new TransportError(false, 'was not called: the time of this call is used up');
  const client = sharedSockets();
  let timer: NodeJS.Timeout | undefined;
  // The client's own timeout watches an idle socket; this one also ends a response that trickles in.
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TransportError(true, `did not answer within ${Math.round(left / 100) / 10} s`)),
      left,
    );
  });
  try {
    const sending = sendRequest(client, { ...options, allowRedirects: false, timeout: left });
    return checkAnswer(await Promise.race([sending, expired]), options);
  } catch (error) {
    throw error instanceof TransportError ? error : asTransportError(error);
  } finally {
    clearTimeout(timer);
    // The client keeps its last request, which contains the credentials.
    Object.assign(client, { lastRequest: undefined, lastResponse: undefined });
  }
}

/** The client drops the body of a form with files, so its axios instance sends it. */
async function sendRequest(client: RequestClient, options: RequestOptions): Promise<TwilioResponse> {
  if (options.headers?.['Content-Type'] !== MULTIPART) return client.request(options);
  const { uri, username = '', password = '', method, headers, data, timeout } = options;
  const answer = await client.axios.request({
    url: uri,
    method,
    auth: { username, password },
    headers,
    data,
    timeout,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
  });
  return { statusCode: answer.status, body: answer.data, headers: answer.headers };
}

/** The JSON of a network error contains the Authorization header, so only its code is kept. */
function asTransportError(error: unknown): TransportError {
  const code = String((error as { code?: unknown }).code ?? 'network error');
  if (NEVER_SENT.has(code)) return new TransportError(false, `could not be reached (${code})`);
  if (/TIMEDOUT|ECONNABORTED/.test(code)) return new TransportError(true, 'did not answer in time');
  return new TransportError(true, `closed the connection (${code})`);
}
