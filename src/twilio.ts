import type { RequestClient, Twilio } from 'twilio';
import type { Config } from './config';
import { isBusy, TransportError } from './errors';

type RequestOptions = Parameters<RequestClient['request']>[0];
type Answer = Awaited<ReturnType<RequestClient['request']>>;

/** Sockets older than this may be dead on an instance that the platform froze in between; a request on one is lost. */
const SOCKETS_FRESH_MS = 4000;
const RETRY_BASE_MS = 200;
/** A request that begins with less than this would hardly be answered, and leave its outcome unknown. */
const LEAST_MS = 300;

/** Network errors of requests that never left. */
const NEVER_SENT = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The processing regions' edges: a region alone would address the deprecated regional hosts. */
const EDGE_OF_REGION: Readonly<Record<string, string>> = { ie1: 'dublin', au1: 'sydney', jp1: 'tokyo' };

let sockets: { client: RequestClient; usedAt: number } | undefined;

/** The sockets that all requests share: one TLS handshake serves many calls. Holds no credentials. */
function sharedSockets(): RequestClient {
  const now = Date.now();
  if (sockets === undefined || now - sockets.usedAt > SOCKETS_FRESH_MS) {
    sockets = {
      client: new (loadTwilio().RequestClient)({ timeout: SOCKETS_FRESH_MS * 2, keepAlive: true }),
      usedAt: now,
    };
  }
  sockets.usedAt = now;
  return sockets.client;
}

/** Loading costs a fifth of a second, so it waits for the first tool that calls Twilio. */
const loadTwilio = (): typeof import('twilio') => require('twilio');

/** What the requests of one tool call share. */
interface Call {
  readonly deadline: number;
  /** Requests that write: those under way, and those that may have done so. */
  writes: number;
}

/**
 * The client of the configured account for one tool call. All its requests together end before `deadline` (epoch ms);
 * a 429 is repeated within it, nothing else is. Throws `TransportError` where Twilio gives no answer.
 */
export function openTwilio(config: Config, deadline: number): Twilio {
  const twilio = loadTwilio();
  const call: Call = { deadline, writes: 0 };
  const edge = config.edge ?? (config.region && EDGE_OF_REGION[config.region]);
  return twilio(config.apiKey, config.apiSecret, {
    accountSid: config.accountSid,
    // Empty strings, or the client reads its own variables. us1 without an edge is the default host.
    region: (config.region === 'us1' && !edge ? undefined : config.region) ?? '',
    edge: edge ?? '',
    httpClient: { request: (options: RequestOptions) => requestWithin(call, options) } as RequestClient,
  });
}

/** Sends a request that no method of the client makes. Throws as they do; a redirect is an answer. */
export async function request(twilio: Twilio, options: Parameters<Twilio['request']>[0]): Promise<Answer> {
  const answer = await twilio.request(options);
  if (answer.statusCode >= 400) throw new (loadTwilio().RestException)(answer);
  return answer;
}

/** Marks a form with files. */
const MULTIPART = 'multipart/form-data';

/** Posts a form with files, which no method of the client can; answers and throws as they do. */
export async function postForm(twilio: Twilio, uri: string, form: FormData): Promise<Record<string, unknown>> {
  const headers = { 'Content-Type': MULTIPART };
  const { body } = await request(twilio, { method: 'post', uri, headers, data: form });
  return body as Record<string, unknown>;
}

async function requestWithin(call: Call, options: RequestOptions): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await requestCounted(call, options);
    const pause = isBusy(answer.statusCode, (answer.body as { code?: number } | undefined)?.code)
      ? retryPause(answer, attempt)
      : undefined;
    if (pause === undefined || Date.now() + pause > call.deadline - LEAST_MS) return answer;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Milliseconds until a refused request may be repeated: what Twilio says, else doubling with jitter. */
function retryPause({ headers }: Answer, attempt: number): number {
  const seconds = Number((headers as Record<string, unknown> | undefined)?.['retry-after']);
  return seconds > 0 ? Math.max(RETRY_BASE_MS, seconds * 1000) : RETRY_BASE_MS * 2 ** attempt * (0.5 + Math.random());
}

/** Counts what may have been done, so that an error which follows does not deny it. */
async function requestCounted(call: Call, options: RequestOptions): Promise<Answer> {
  const writes = options.method === 'get' ? 0 : 1;
  call.writes += writes;
  try {
    const answer = await requestOnce(call.deadline, options);
    if (answer.statusCode >= 400 && answer.statusCode < 500) call.writes -= writes;
    return answer;
  } catch (error) {
    if (!(error instanceof TransportError) || error.sent) throw error;
    call.writes -= writes;
    throw new TransportError(call.writes > 0, error.reason);
  }
}

async function requestOnce(deadline: number, options: RequestOptions): Promise<Answer> {
  const left = deadline - Date.now();
  if (left < LEAST_MS) throw new TransportError(false, 'was not asked any more: the time of this call is used up');
  const client = sharedSockets();
  let timer: NodeJS.Timeout | undefined;
  // The client's own timeout watches an idle socket; this one ends an answer that trickles, too.
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TransportError(true, `did not answer within ${Math.round(left / 100) / 10} s`)),
      left,
    );
  });
  try {
    const answer = await Promise.race([send(client, { ...options, timeout: left }), expired]);
    if (answer.statusCode < 300 && typeof answer.body === 'string' && answer.body.trim() !== '') {
      throw new TransportError(true, 'was asked, but something else answered: the answer is not JSON');
    }
    return answer;
  } catch (error) {
    throw error instanceof TransportError ? error : asTransportError(error);
  } finally {
    clearTimeout(timer);
    // The client keeps its last request, and with it the credentials.
    Object.assign(client, { lastRequest: undefined, lastResponse: undefined });
  }
}

/** The client drops the body of a form with files; its sockets take it. */
async function send(client: RequestClient, options: RequestOptions): Promise<Answer> {
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

/** A network error's JSON holds the Authorization header, so nothing of it but its code goes on. */
function asTransportError(error: unknown): TransportError {
  const code = String((error as { code?: unknown }).code ?? 'network error');
  if (NEVER_SENT.has(code)) return new TransportError(false, `could not be reached (${code})`);
  if (/TIMEDOUT|ECONNABORTED/.test(code)) return new TransportError(true, 'did not answer in time');
  return new TransportError(true, `broke the connection off (${code})`);
}
