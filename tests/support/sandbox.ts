import http from 'node:http';
import https from 'node:https';
import twilio from 'twilio';
import { SEEDS } from '../../sandbox/seed';
import { SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN, type Sandbox, startSandbox } from '../../sandbox/server';
import type { Config } from '../../src/config';
import { openRequests, type Requests } from '../../src/upstream';

/*
 * The sandbox in the test process, and Twilio's client connected to it.
 */

export const [FROM] = SEEDS.numbers as [string];
export const TO = '+14155550100';

export const API = 'https://api.twilio.com/2010-04-01/Accounts/{AC}';

/** Starts a sandbox for the tests of a file and resets it before each one. `onStart` receives it with a client. */
export function useSandbox(onStart: (sandbox: Sandbox, client: Client) => void): void {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
    onStart(sandbox, clientOf(sandbox));
  });
  beforeEach(() => sandbox.reset());
  afterEach(() => void jest.useRealTimers());
  afterAll(() => sandbox.close());
}

/** Fakes the date for a test of `useSandbox`; sockets and timers run as usual. Returns a function that advances the date. */
export function fakeDate(): (milliseconds: number) => void {
  jest.useFakeTimers({
    now: 1_800_000_000_000,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
  return (milliseconds) => void jest.setSystemTime(Date.now() + milliseconds);
}

export type Client = ReturnType<typeof clientOf>;

/** Twilio's client. Its requests go to the sandbox, with the original host in a header. */
export function clientOf(
  sandbox: Sandbox,
  username = SANDBOX_ACCOUNT_SID,
  password = SANDBOX_AUTH_TOKEN,
  options = {},
) {
  class SandboxRequestClient extends twilio.RequestClient {
    override request<T>(request: Parameters<twilio.RequestClient['request']>[0]) {
      const { host, pathname, search } = new URL(request.uri);
      const headers = { ...request.headers, 'x-sandbox-host': host };
      return super.request<T>({ ...(request as object), uri: sandbox.url + pathname + search, headers } as never);
    }
  }
  return twilio(username, password, {
    accountSid: SANDBOX_ACCOUNT_SID,
    httpClient: new SandboxRequestClient(),
    ...options,
  });
}

/** The server's own requests, with the account's credentials. They go to the sandbox until mocks are restored. */
export function requestsTo(sandbox: Sandbox): Requests {
  jest.spyOn(https, 'request').mockImplementation(((
    uri: string,
    { agent: _, headers, ...options }: https.RequestOptions,
  ) => {
    const { host, pathname, search } = new URL(uri);
    return http.request(sandbox.url + pathname + search, {
      ...options,
      headers: { ...headers, 'x-sandbox-host': host },
    });
  }) as typeof https.request);
  const owner = { accountSid: SANDBOX_ACCOUNT_SID, apiKey: SANDBOX_ACCOUNT_SID, apiSecret: SANDBOX_AUTH_TOKEN };
  return openRequests(owner as Config, { deadline: Date.now() + 600_000, effects: { acted: 0 } });
}

export interface RawResponse {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the tests expect its shape
  body: any;
  headers: Headers;
}

/** Sends a request without the client: text as a form, an object as JSON, and GET without a body. */
export async function send(
  sandbox: Sandbox,
  url: string,
  { method, body, headers }: { method?: string; body?: string | object; headers?: Record<string, string> } = {},
): Promise<RawResponse> {
  const { host, pathname, search } = new URL(url.replace('{AC}', SANDBOX_ACCOUNT_SID));
  const login = Buffer.from(`${SANDBOX_ACCOUNT_SID}:${SANDBOX_AUTH_TOKEN}`).toString('base64');
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
  const response = await fetch(sandbox.url + pathname + search, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    body: typeof body === 'object' ? JSON.stringify(body) : body,
    redirect: 'manual',
    headers: {
      authorization: `Basic ${login}`,
      'x-sandbox-host': host,
      ...(body === undefined ? {} : { 'content-type': type }),
      ...headers,
    },
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text, headers: response.headers };
}

/** The error that a promise rejects with. Throws if it resolves. */
export async function errorOf(promise: Promise<unknown>): Promise<{ status: number; code: number; message: string }> {
  return promise.then(
    () => {
      throw new Error('Expected the request to fail');
    },
    (error) => error,
  );
}
