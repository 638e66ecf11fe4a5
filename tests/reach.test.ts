import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { signatureOf } from '../src/signature';
import { freePort, freshClone, startProgram } from './support/clone';
import { SANDBOX_ENVIRONMENT, type Stack, startStack } from './support/stack';

/*
 * Who can use a local server, in every way of starting it: from this machine, through another interface, under another
 * name, and through tunnels that keep or rewrite the header Host.
 */

jest.setTimeout(240_000);

const TUNNEL = 'https://abc.example.app';
const MESSAGE = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
/** Another interface of this machine; Linux answers at all of 127.0.0.0/8. */
const OTHER_ADDRESS =
  Object.values(networkInterfaces())
    .flat()
    .find((found) => found?.family === 'IPv4' && !found.internal)?.address ?? '127.0.0.2';

type Status = number | 'unreachable';

interface Sent {
  address?: string;
  host?: string;
  headers?: Record<string, string>;
  body: string;
  type?: string;
}

function send(port: number, path: string, { address = '127.0.0.1', host, headers, body, type }: Sent) {
  return new Promise<{ status: Status; body: string }>((resolve) => {
    const all = { host: host ?? `localhost:${port}`, 'content-type': type ?? 'application/json', ...headers };
    const outgoing = request({ hostname: address, port, path, method: 'POST', headers: all });
    outgoing.once('response', async (response) =>
      resolve({ status: response.statusCode!, body: await text(response) }),
    );
    outgoing.once('error', () => resolve({ status: 'unreachable', body: '' })).end(body);
  });
}

/** How requests reach a server, and the address that their client uses. */
const WAYS = {
  'this machine': (port: number) => ({ sent: {}, address: `http://localhost:${port}` }),
  'another interface': (port: number) => ({
    sent: { address: OTHER_ADDRESS, host: `${OTHER_ADDRESS}:${port}` },
    address: `http://localhost:${port}`,
  }),
  'another name': (port: number) => ({ sent: { host: 'evil.example' }, address: `http://localhost:${port}` }),
  'a tunnel that keeps the host': () => ({
    sent: { host: 'abc.example.app', headers: { 'x-forwarded-for': '203.0.113.9' } },
    address: TUNNEL,
  }),
  'a tunnel that rewrites the host': () => ({
    sent: { headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'abc.example.app' } },
    address: TUNNEL,
  }),
} satisfies Record<string, (port: number) => { sent: Partial<Sent>; address: string }>;

/** Status without and with a signature, of `/mcp` and of a webhook. */
type Row = Record<keyof typeof WAYS, readonly [mcp: Status, signedMcp: Status, hook: Status, signedHook: Status]>;

async function statuses(port: number): Promise<Row> {
  const rows = Object.entries(WAYS).map(async ([name, way]) => {
    const { sent, address }: { sent: Partial<Sent>; address: string } = way(port);
    const fields = {
      AccountSid: SANDBOX_ACCOUNT_SID,
      MessageSid: `SM${'1'.repeat(32)}`,
      MessageStatus: 'queued',
      To: '+14155550100',
    };
    const form = { body: String(new URLSearchParams(fields)), type: 'application/x-www-form-urlencoded' };
    const results: Status[] = [];
    for (const [path, content, signed] of [
      ['/mcp?services=Voice', { body: MESSAGE }, {}],
      ['/webhooks/twilio/status', form, fields],
    ] as const) {
      const signature = await signatureOf(address + path, SANDBOX_AUTH_TOKEN, signed);
      for (const headers of [{}, { 'x-twilio-signature': signature }] as Record<string, string>[]) {
        const { status } = await send(port, path, { ...sent, ...content, headers: { ...sent.headers, ...headers } });
        results.push(status);
      }
    }
    return [name, results] as const;
  });
  return Object.fromEntries(await Promise.all(rows)) as unknown as Row;
}

const NOWHERE = ['unreachable', 'unreachable', 'unreachable', 'unreachable'] as const;
const REFUSED = [403, 403, 403, 403] as const;
const SIGNED_ONLY = [403, 200, 403, 200] as const;

/** Served to this machine alone: any process of it may use /mcp, webhooks are checked. */
const THIS_MACHINE: Row = {
  'this machine': [200, 200, 403, 200],
  'another interface': NOWHERE,
  'another name': REFUSED,
  'a tunnel that keeps the host': REFUSED,
  'a tunnel that rewrites the host': REFUSED,
};

let stack: Stack | undefined;
afterEach(async () => {
  await stack?.close();
  stack = undefined;
});

/** The port of a server that runs until the end of the test. */
async function serve(options?: Parameters<typeof startStack>[0]): Promise<number> {
  stack = await startStack(options);
  return stack.server.port;
}

describe('npm start', () => {
  test.each([
    ['in one process', { fork: false }],
    ['with a process per request', { fork: true }],
  ])('serves this machine, %s', async (_label, options) => {
    const port = await serve({ ...options, env: { AUTH_TOKEN: SANDBOX_AUTH_TOKEN } });
    expect(await statuses(port)).toEqual(THIS_MACHINE);
  });

  test.each([
    ['in one process', { fork: false }],
    ['with a process per request', { fork: true }],
  ])('with a public address requires signatures, %s', async (_label, options) => {
    const env = { AUTH_TOKEN: SANDBOX_AUTH_TOKEN, WEBHOOK_BASE_URL: TUNNEL };
    const port = await serve({ ...options, env });
    expect(await statuses(port)).toEqual({
      'this machine': SIGNED_ONLY,
      'another interface': NOWHERE,
      'another name': REFUSED,
      'a tunnel that keeps the host': SIGNED_ONLY,
      'a tunnel that rewrites the host': SIGNED_ONLY,
    });
    for (const path of ['/', '/webhooks/../mcp', '/mcp/', '/webhooks/..%2fmcp']) {
      const answer = await send(port, path, { host: 'abc.example.app', body: MESSAGE });
      expect([path, answer]).toEqual([path, { status: 403, body: expect.stringMatching(/apart from signed ones/) }]);
    }
  });

  test('without an auth token takes webhooks of this machine, and says why it refuses others', async () => {
    const port = await serve();
    expect((await statuses(port))['this machine']).toEqual([200, 200, 200, 200]);
    const refusals = [
      ['other.example.app', /other\.example\.app is not localhost.*set WEBHOOK_BASE_URL/],
      ['host.docker.internal:4300', /--network host.*http:\/\/localhost:4300.*"Host: localhost:4300"/],
    ] as const;
    for (const [host, message] of refusals) {
      expect((await send(port, '/mcp', { host, body: MESSAGE })).body).toMatch(message);
    }
  });
});

describe('without the guard', () => {
  const unguarded = (env: Record<string, string>) => serve({ guarded: false, env });

  test('everything must be signed', async () => {
    const port = await unguarded({ AUTH_TOKEN: SANDBOX_AUTH_TOKEN });
    expect(await statuses(port)).toEqual({
      'this machine': SIGNED_ONLY,
      'another interface': SIGNED_ONLY,
      'another name': SIGNED_ONLY,
      // Signed for an address that is not this server's.
      'a tunnel that keeps the host': REFUSED,
      'a tunnel that rewrites the host': REFUSED,
    });
  });

  test('a public host name, as --ngrok gives, does not count as a deployment', async () => {
    const port = await unguarded({ AUTH_TOKEN: SANDBOX_AUTH_TOKEN, DOMAIN_NAME: 'abc.example.app' });
    const row = await statuses(port);
    expect(row['a tunnel that keeps the host']).toEqual(SIGNED_ONLY);
    expect(row['this machine']).toEqual(REFUSED);
  });

  test('and without an auth token nothing is served, with the fix', async () => {
    const port = await unguarded({});
    for (const row of Object.values(await statuses(port))) expect(row).toEqual(REFUSED);
    const { body } = await send(port, '/mcp', { body: MESSAGE });
    expect(JSON.parse(body).error.message).toMatch(/start it with npm start or twilio serverless:start.*AUTH_TOKEN/);
  });
});

test('twilio-run in the folder, as the Twilio CLI starts it, serves this machine', async () => {
  const { folder, remove } = freshClone({ ...SANDBOX_ENVIRONMENT, AUTH_TOKEN: SANDBOX_AUTH_TOKEN });
  const port = await freePort();
  const twilioRun = join(dirname(require.resolve('twilio-run/package.json')), 'bin/twilio-run.js');
  const server = startProgram(process.execPath, [twilioRun, 'start', '--port', String(port)], folder);
  try {
    await server.until(/\/mcp/);
    expect(await statuses(port)).toEqual(THIS_MACHINE);
  } finally {
    await server.stop();
    remove();
  }
});
