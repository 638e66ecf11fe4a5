import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config';
import { isBusy, isUnclear, TransportError } from './errors';
import { isRecord } from './formats';
import { type HttpAnswer, type HttpRequest, sendRequest } from './https';
import type { Effects } from './tool';

/*
 * The requests to Twilio of one tool call or webhook: within its time, through its gate, counted, and repeated where
 * that is safe.
 */

/** A request; `allowRedirects` says that the caller reads any answer below 400. */
export interface TwilioRequest extends HttpRequest {
  allowRedirects?: boolean;
}

/** Every request passes here: it lets it leave with `send`, answers in its place, or throws. */
export type Gate = (request: TwilioRequest, send: () => Promise<HttpAnswer>) => Promise<HttpAnswer>;

/** What the requests of one tool call have in common. */
export interface RequestBudget {
  /** When all of them must have ended, epoch ms. */
  readonly deadline: number;
  readonly effects: Effects;
  readonly gate?: Gate;
}

const RETRY_BASE_MS = 200;
/** Retries after a failure; a busy Twilio is asked until the time is over. */
const MAX_RETRIES = 3;
/** A request that starts with less time left would hardly be answered and leave its outcome unknown. */
const MIN_REQUEST_MS = 300;

/** Edge of each processing region: a region alone would address the deprecated regional hosts. */
const EDGE_OF_REGION: Readonly<Record<string, string>> = { ie1: 'dublin', au1: 'sydney', jp1: 'tokyo' };

/** The region and edge that the settings mean; empty for the default hosts, which are those of us1. */
export function regionOf(config: Pick<Config, 'region' | 'edge'>): { region: string; edge: string } {
  const { region = '', edge = EDGE_OF_REGION[region] ?? '' } = config;
  return { region: region === 'us1' && !edge ? '' : region, edge };
}

/** The part of Twilio's client that the store needs. */
export interface Requests {
  readonly accountSid: string;
  /** Sends a request to a host of the default region, which becomes that of the account. Any status is an answer. */
  request(
    request: TwilioRequest & { method: 'get' | 'post' | 'delete' },
  ): Promise<{ statusCode: number; body: unknown }>;
}

/** Requests with the account's credentials, without the twilio package, which takes 0.1 s to load. */
export function openRequests(config: Config, budget: RequestBudget): Requests {
  const { accountSid, apiKey: username, apiSecret: password } = config;
  const { edge, region } = regionOf(config);
  const place = [edge, region || (edge && 'us1')].map((part) => part && `${part}.`).join('');
  return {
    accountSid,
    request: ({ uri, headers, ...options }) => {
      const regional = uri.replace(/^https:\/\/\w+\./, `$&${place}`);
      const all = { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded', ...headers };
      return requestWithin(budget, { ...options, uri: regional, username, password, headers: all });
    },
  };
}

/**
 * Sends a request within the budget. A busy Twilio is asked again until the time is over, and a read that failed a few
 * times. Throws a `TransportError` if Twilio does not answer, or not with what its API answers.
 */
export async function requestWithin(budget: RequestBudget, request: TwilioRequest): Promise<HttpAnswer> {
  const { effects, gate } = budget;
  const send = () => repeatedly(() => requestCounted(budget, request), budget.deadline, !acts(request));
  effects.pending = (effects.pending ?? 0) + 1;
  try {
    return await (gate ? gate(request, send) : send());
  } finally {
    effects.pending--;
  }
}

/**
 * The answer of a request that is sent again while Twilio is busy, and if it is `safe`, also after it failed. `onRepeat`
 * is called before a repetition if the failed request may have been carried out.
 */
export async function repeatedly<A extends { statusCode: number; body: unknown; headers?: object }>(
  request: () => Promise<A>,
  deadline: number,
  safe: boolean,
  onRepeat: () => void = () => {},
): Promise<A> {
  for (let attempt = 0; ; attempt++) {
    const answer = await request().catch((error: unknown) => {
      if (error instanceof TransportError && safe) return error;
      throw error;
    });
    const isFailure = answer instanceof TransportError;
    const mayRepeat = isFailure || isUnclear(answer.statusCode) ? safe && attempt < MAX_RETRIES : wasBusy(answer);
    const pause = retryPause(isFailure ? {} : answer, attempt);
    if (!mayRepeat || Date.now() + pause > deadline - MIN_REQUEST_MS) {
      if (isFailure) throw answer;
      return answer;
    }
    if (isFailure ? answer.sent : isUnclear(answer.statusCode)) onRepeat();
    await sleep(pause);
  }
}

const wasBusy = ({ statusCode, body }: { statusCode: number; body: unknown }): boolean =>
  isBusy(statusCode, (body as { code?: number } | undefined)?.code);

/** Milliseconds until a refused request may be retried: Retry-After, else exponential backoff with jitter. */
function retryPause({ headers }: { headers?: object }, attempt: number): number {
  const after = String((headers as Record<string, unknown> | undefined)?.['retry-after'] ?? '');
  // Seconds or an HTTP date.
  const wait = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  return wait > 0 ? Math.max(RETRY_BASE_MS, wait) : RETRY_BASE_MS * 2 ** attempt * (0.5 + Math.random());
}

/** Whether the request changes something or is charged: a lookup is free without `Fields`. */
const acts = ({ method, uri, params }: TwilioRequest): boolean =>
  method !== 'get' || (Boolean((params as { Fields?: string } | undefined)?.Fields) && /\/\/lookups\./.test(uri));

/** Counts what may have been carried out, so that a later error does not deny it. */
async function requestCounted({ deadline, effects }: RequestBudget, request: TwilioRequest): Promise<HttpAnswer> {
  const counted = acts(request) ? 1 : 0;
  effects.acted += counted;
  try {
    const answer = await requestOnce(deadline, request);
    if (answer.statusCode >= 400 && !isUnclear(answer.statusCode)) effects.acted -= counted;
    return answer;
  } catch (error) {
    if (error instanceof TransportError && !error.sent) effects.acted -= counted;
    throw error;
  }
}

async function requestOnce(deadline: number, request: TwilioRequest): Promise<HttpAnswer> {
  const left = deadline - Date.now();
  if (left < MIN_REQUEST_MS) throw new TransportError(false, 'was not called: the time of this call is used up');
  return checkAnswer(await sendRequest(request, left), request);
}

/** The operations that answer with a redirect to a file. */
const FILE_PATH = /\/(Media|Data\.json)$/;

/** The error for an answer that the API never gives. */
export const unusable = (status: number): TransportError =>
  new TransportError(true, `did not answer as its API does (HTTP ${status}): something else may have answered`);

/**
 * The answer, if it is one that the client can read: it takes a redirect for success, and fails on any body but an object.
 * Throws `TransportError` for others.
 */
function checkAnswer(answer: HttpAnswer, { method, uri, allowRedirects: anyAnswer }: TwilioRequest): HttpAnswer {
  const { statusCode, body } = answer;
  if (statusCode >= 400) return answer;
  if (typeof body === 'string' && body.trim() !== '' && statusCode < 300) {
    throw new TransportError(true, 'did not answer in JSON: something else answered');
  }
  if (anyAnswer || (method === 'get' && statusCode >= 300 && FILE_PATH.test(uri))) return answer;
  // The client reports a deletion as done only with this status.
  if (method === 'delete' && statusCode < 300 && !body) return { ...answer, statusCode: 204 };
  if (statusCode >= 300 || !isRecord(body)) throw unusable(statusCode);
  return answer;
}
