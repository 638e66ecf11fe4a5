import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEEDS } from '../sandbox/seed';
import { SANDBOX_API_SECRET, SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { serveLocally } from '../scripts/serve-functions';
import { type Gateway, startGateway } from './support/gateway';
import { type RunResult, run } from './support/run';
import { SANDBOX_ENVIRONMENT, type Stack, startStack } from './support/stack';

/*
 * `npm run doctor` in broken set-ups: it names the problem and its fix, and exits with 1.
 */

jest.setTimeout(120_000);

const root = join(__dirname, '..');
const VALID_ENV = { ...SANDBOX_ENVIRONMENT, AUTH_TOKEN: SANDBOX_AUTH_TOKEN };

let stack: Stack;
let gateway: Gateway;
let folder: string;
beforeAll(async () => {
  stack = await startStack();
  gateway = await startGateway(SANDBOX_AUTH_TOKEN, stack.server.url);
  folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-doctor-'));
});
afterAll(async () => {
  await gateway.close();
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => stack.sandbox.reset());

async function doctor(env: Record<string, string | undefined>, ...args: string[]): Promise<RunResult> {
  const file = join(folder, 'env');
  const lines = Object.entries(env).filter(([, value]) => value !== undefined);
  writeFileSync(file, lines.map(([name, value]) => `${name}=${value}\n`).join(''));
  const program = [
    '--require',
    join(root, 'dist/local/sandbox-preload.js'),
    '--import',
    'tsx',
    'scripts/doctor/main.ts',
  ];
  return run(process.execPath, [...program, '--env', file, ...args], {
    cwd: root,
    env: { ...process.env, TWILIO_SANDBOX_URL: stack.sandbox.url },
  });
}

/** Exactly one problem is reported, with a fix. */
async function expectProblem(ran: RunResult, message: string | RegExp): Promise<void> {
  const problems = ran.output.split('\n').filter((line) => line.startsWith('  ✗'));
  expect([problems, ran.code]).toEqual([[expect.stringMatching(message)], 1]);
  expect(ran.output).toMatch(/ {4}Fix: \S.{10,}/);
  expect(ran.output).toContain('\n1 problem found.');
  expect(ran.output).not.toContain(SANDBOX_API_SECRET);
}

test('a correct setup has no problems, with its deployment', async () => {
  const services = {
    TWILIO_MESSAGING_SERVICE_SID: SEEDS.messagingServiceSid,
    TWILIO_VERIFY_SERVICE_SID: SEEDS.verifyServiceSid,
    TWILIO_SYNC_SERVICE_SID: SEEDS.syncServiceSid,
    TWILIO_TASKROUTER_WORKSPACE_SID: SEEDS.workspaceSid,
  };
  const { code, output } = await doctor({ ...VALID_ENV, ...services }, '--url', gateway.url);
  expect([code, output]).toEqual([0, expect.stringContaining('No problems found.')]);
  expect(output).toContain('✓ Handshake and tool list succeed');
  expect(output).toContain('✓ It reaches the account.');
  expect(stack.sandbox.journal.entries.every(({ method }) => method === 'GET')).toBe(true);
});

test.each<[string, Record<string, string | undefined>, RegExp]>([
  ['no key', { API_KEY: undefined }, /API_KEY is missing/],
  [
    'the account SID in the place of the key',
    { API_KEY: VALID_ENV.ACCOUNT_SID },
    /API_KEY must be a SID: SK and 32 hex digits/,
  ],
  [
    'a misnamed variable',
    { TWILIO_AUTH_TOKEN: SANDBOX_AUTH_TOKEN, AUTH_TOKEN: undefined },
    /TWILIO_AUTH_TOKEN is never read/,
  ],
  ['a number not in E.164', { TWILIO_PHONE_NUMBER: '500 555 0006' }, /TWILIO_PHONE_NUMBER must be a phone number/],
  [
    'a time-out above the platform’s',
    { TWILIO_TIMEOUT: '30000' },
    /TWILIO_TIMEOUT must be milliseconds from 1000 to 9000/,
  ],
  ['half a token', { AUTH_TOKEN: 'abc123' }, /AUTH_TOKEN must be 32 hex digits/],
  [
    'a callback on this machine',
    { TWILIO_STATUS_CALLBACK_URL: 'http://localhost:3000/status' },
    /TWILIO_STATUS_CALLBACK_URL is an address that Twilio cannot reach/,
  ],
  ['a wrong secret', { API_SECRET: 'wrong' }, /rejects API_KEY with API_SECRET/],
  ['a wrong token', { AUTH_TOKEN: 'f'.repeat(32) }, /AUTH_TOKEN is not the token of ACCOUNT_SID/],
  [
    'a Messaging Service of another account',
    { TWILIO_MESSAGING_SERVICE_SID: `MG${'f'.repeat(32)}` },
    /TWILIO_MESSAGING_SERVICE_SID does not exist in this account/,
  ],
  [
    'a Verify service that is gone',
    { TWILIO_VERIFY_SERVICE_SID: `VA${'f'.repeat(32)}` },
    /TWILIO_VERIFY_SERVICE_SID does not exist in this account/,
  ],
  [
    'a workspace that is gone',
    { TWILIO_TASKROUTER_WORKSPACE_SID: `WS${'f'.repeat(32)}` },
    /TWILIO_TASKROUTER_WORKSPACE_SID does not exist in this account/,
  ],
  [
    'a number of somebody else',
    { TWILIO_PHONE_NUMBER: '+15005550001' },
    /TWILIO_PHONE_NUMBER is not a number of this account/,
  ],
])('it names %s', async (_what, changes, message) => {
  await expectProblem(await doctor({ ...VALID_ENV, ...changes }), message);
});

test('it names a suspended account', async () => {
  const account = JSON.stringify({ sid: VALID_ENV.ACCOUNT_SID, status: 'suspended', type: 'Full' });
  stack.sandbox.faults.add({ operationId: 'FetchAccount', status: 200, html: account });
  await expectProblem(await doctor(VALID_ENV), /The account is suspended/);
});

test('it names a number whose webhook Twilio cannot reach', async () => {
  await asTwilio(
    `/2010-04-01/Accounts/${VALID_ENV.ACCOUNT_SID}/IncomingPhoneNumbers/${SEEDS.phoneNumberSids[1]}.json`,
    { SmsUrl: 'http://localhost:3000/sms' },
  );
  await expectProblem(
    await doctor(VALID_ENV),
    /webhook of \+12025550143 for messages is an address that Twilio cannot reach/,
  );
});

test('it names a Messaging Service without a sender', async () => {
  const made = await asTwilio('/v1/Services', { FriendlyName: 'Empty' }, 'messaging.twilio.com');
  await expectProblem(await doctor({ ...VALID_ENV, TWILIO_MESSAGING_SERVICE_SID: made.sid }), /has no sender/);
});

describe('of a deployment it names', () => {
  test('an address where nothing answers', async () => {
    await expectProblem(
      await doctor(VALID_ENV, '--url', 'http://127.0.0.2:9'),
      /No response from http:\/\/127\.0\.0\.2:9/,
    );
  });

  test('a signature of another account', async () => {
    const other = await startGateway('0'.repeat(32), stack.server.url);
    await expectProblem(await doctor(VALID_ENV, '--url', other.url), /rejects the signature \(HTTP 403\)/);
    await other.close();
  });

  test.each([
    ['no /mcp', 404, 'not found', /There is no \/mcp at this address/],
    ['another site', 200, '<html></html>', /is not an MCP server/],
    ['a Function that fails', 500, 'error', /The deployment fails \(HTTP 500\)/],
  ])('%s', async (_what, status, body, message) => {
    const site = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    await expectProblem(
      await doctor(VALID_ENV, '--url', `http://127.0.0.1:${(site.address() as AddressInfo).port}`),
      message,
    );
    site.close();
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['variables that did not go up', { API_SECRET: '' }, /cannot use the account\..*API_SECRET is missing/],
    ['a key that was revoked', { API_SECRET: 'revoked' }, /rejects the deployment's API key/],
    ['another account behind it', { ACCOUNT_SID: `AC${'e'.repeat(32)}` }, /uses a different account/],
  ])('%s', async (_what, env, message) => {
    const server = await serveLocally({ env: { ...SANDBOX_ENVIRONMENT, ...env }, sandboxUrl: stack.sandbox.url });
    await expectProblem(await doctor(VALID_ENV, '--url', server.url), message);
    await server.close();
  });

  test('an address that is none, and a token that is missing', async () => {
    await expectProblem(await doctor(VALID_ENV, '--url', 'no address'), /--url is not an address/);
    await expectProblem(
      await doctor({ ...VALID_ENV, AUTH_TOKEN: undefined }, '--url', gateway.url),
      /Without AUTH_TOKEN/,
    );
  });
});

/** Posts a form to the sandbox as the account would to Twilio. */
async function asTwilio(path: string, form: Record<string, string>, host = 'api.twilio.com') {
  const response = await fetch(`${stack.sandbox.url}${path}`, {
    method: 'POST',
    headers: {
      'x-sandbox-host': host,
      authorization: `Basic ${Buffer.from(`${VALID_ENV.ACCOUNT_SID}:${SANDBOX_AUTH_TOKEN}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(form),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as { sid: string };
}
