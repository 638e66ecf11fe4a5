import twilio from 'twilio';
import { SEEDS } from '../../sandbox/seed';
import { SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN, type Sandbox, startSandbox } from '../../sandbox/server';

/*
 * The sandbox in the test's own process, and the real client on it.
 */

export const [FROM] = SEEDS.numbers as [string];
export const TO = '+14155550100';

/** A sandbox for the tests of a file, before each of them as it was at the start; `take` puts it into their variables. */
export function useSandbox(take: (sandbox: Sandbox, client: Client) => void): void {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
    take(sandbox, clientOf(sandbox));
  });
  beforeEach(() => sandbox.reset());
  afterAll(() => sandbox.close());
}

export type Client = ReturnType<typeof clientOf>;

/** The real client, whose requests go to the sandbox with their host in a header; nothing else is changed. */
export function clientOf(
  sandbox: Sandbox,
  username = SANDBOX_ACCOUNT_SID,
  password = SANDBOX_AUTH_TOKEN,
  options = {},
) {
  class ToSandbox extends twilio.RequestClient {
    override request<T>(request: Parameters<twilio.RequestClient['request']>[0]) {
      const { host, pathname, search } = new URL(request.uri);
      const headers = { ...request.headers, 'x-sandbox-host': host };
      return super.request<T>({ ...(request as object), uri: sandbox.url + pathname + search, headers } as never);
    }
  }
  return twilio(username, password, { accountSid: SANDBOX_ACCOUNT_SID, httpClient: new ToSandbox(), ...options });
}

export interface RawAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: read as what the test expects it to be
  body: any;
  headers: Headers;
}

/** A request by hand: a form when `body` is text, else JSON; GET when there is none. */
export async function send(
  sandbox: Sandbox,
  url: string,
  { method, body, headers }: { method?: string; body?: string | object; headers?: Record<string, string> } = {},
): Promise<RawAnswer> {
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

/** The error of a promise that must fail. */
export async function refusal(promise: Promise<unknown>): Promise<{ status: number; code: number; message: string }> {
  return promise.then(
    () => {
      throw new Error('was not refused');
    },
    (error) => error,
  );
}
