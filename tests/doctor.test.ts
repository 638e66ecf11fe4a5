import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEEDS } from '../sandbox/seed';
import { SANDBOX_ACCOUNT_SID, SANDBOX_API_SECRET, SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { serveLocally } from '../scripts/serve-functions';
import { STORE_NAME } from '../src/store/service';
import { envText } from './support/clone';
import { startDeployment } from './support/deployment';
import { startGateway, useGateway } from './support/gateway';
import { type RunResult, run } from './support/run';
import { clientOf } from './support/sandbox';
import { SANDBOX_ENVIRONMENT } from './support/stack';

/*
 * `npm run doctor` in broken setups: it reports the problem and its fix, and exits with 1.
 */

jest.setTimeout(120_000);

const root = join(__dirname, '..');
const VALID_ENV = { ...SANDBOX_ENVIRONMENT, AUTH_TOKEN: SANDBOX_AUTH_TOKEN };

const { stack, gateway } = useGateway();
const folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => stack.sandbox.reset());

const doctor = (env: Record<string, string | undefined>, ...args: string[]) => doctorAt('9', env, ...args);

/** The doctor with PORT set. */
async function doctorAt(port: string, env: Record<string, string | undefined>, ...args: string[]): Promise<RunResult> {
  const file = join(folder, 'env');
  writeFileSync(file, envText(env));
  const program = [
    '--require',
    join(root, 'dist/local/sandbox-preload.js'),
    '--import',
    'tsx',
    'scripts/doctor/main.ts',
  ];
  return run(process.execPath, [...program, '--env', file, ...args], {
    cwd: root,
    env: { ...process.env, PORT: port, TWILIO_SANDBOX_URL: stack.sandbox.url },
  });
}

/** Expects exactly one problem, with a fix and without the API secret. */
async function expectProblem({ code, output }: RunResult, message: string | RegExp): Promise<void> {
  const problems = output.split('\n').filter((line) => line.startsWith('  ✗'));
  expect([problems, code]).toEqual([[expect.stringMatching(message)], 1]);
  // Names the file and the variable, unless the problem is elsewhere.
  expect(output).toMatch(/ {4}Fix: \S.{10,}/);
  const variable = /✗ ((?:TWILIO_|WEBHOOK_|API_|AUTH_)[A-Z_]+) /.exec(output)?.[1];
  if (variable) expect(output).toMatch(new RegExp(` {4}Fix: .*\\b${variable}\\b`));
  expect(output).toContain('\n1 problem found.');
  expect(output).not.toContain(SANDBOX_API_SECRET);
}

const REFUSES_BODY = /✓ It refuses parameters in the body that the URL was not signed for\./;

test.each<[string, Record<string, string>, number, RegExp]>([
  ['that sees the signature', {}, 0, new RegExp(`✓ It sees the signature of a request\\.\\n.*${REFUSES_BODY.source}`)],
  ['that does not see it', {}, 0, new RegExp(`– .* only URLs with key= work.*\\n.*${REFUSES_BODY.source}`)],
  ['that believes the body', { MCP_BIND_URL: 'off' }, 1, /✗ It believes parameters in.*\n.*Fix: Remove MCP_BIND_URL/],
  ['without an auth token', { AUTH_TOKEN: '' }, 1, /✗ .* has no AUTH_TOKEN.*\n.*Fix: .*Add my Twilio Credentials/],
])('tells of a deployment %s', async (label, env, code, message) => {
  const deployment = await startDeployment({ env });
  if (label === 'that does not see it') deployment.gateway.hidden.add('x-twilio-signature');
  const said = await doctor(VALID_ENV, '--url', deployment.gateway.url);
  expect(said).toEqual({ code, output: expect.stringMatching(message) });
  await deployment.close();
});

describe('access tokens', () => {
  const MCP_ACCESS_TOKENS = 'true';

  test.each<[string, Record<string, string>, Record<string, string>, number, RegExp]>([
    ['on', { MCP_ACCESS_TOKENS }, { MCP_ACCESS_TOKENS }, 0, /✓ On: \/mcp\/bearer refuses/],
    ['off', {}, {}, 0, /✓ Off: \/mcp\/bearer answers 404/],
    ['on in the deployment alone', { MCP_ACCESS_TOKENS }, {}, 0, /– On in the deployment: .* has not/],
    ['not deployed', {}, { MCP_ACCESS_TOKENS }, 1, /✗ .* has MCP_ACCESS_TOKENS=true, but .*\n.*Fix: Deploy/],
  ])('%s', async (_label, deployed, local, code, message) => {
    const deployment = await startDeployment({ env: deployed });
    const said = await doctor({ ...VALID_ENV, ...local }, '--url', deployment.gateway.url);
    expect(said).toEqual({ code, output: expect.stringMatching(message) });
    await deployment.close();
  });
});

test.each<[Record<string, string>, RegExp]>([
  [{ MCP_ALLOW: 'Mesaging' }, /MCP_ALLOW names "Mesaging".*Messaging/],
  [{ MCP_SENDERS: '+14155550199' }, /MCP_SENDERS forbids the default TWILIO_PHONE_NUMBER/],
  [{ MCP_RECIPIENTS: '+4930*', MCP_COUNTRIES: 'US' }, /MCP_RECIPIENTS has \+4930\*, which is in DE/],
  [{ MCP_READONLY: 'true', MCP_ALLOW: 'read,send' }, /MCP_ALLOW allows writing/],
  [{ MCP_COUNTRIES: 'Germany' }, /MCP_COUNTRIES must be/],
  [{ MCP_AUDIT: 'none' }, /MCP_AUDIT must be/],
  [{ MCP_AUDIT_DAYS: '0' }, /MCP_AUDIT_DAYS must be/],
  [{ MCP_REPEAT_SECONDS: 'a minute' }, /MCP_REPEAT_SECONDS must be/],
  [{ MCP_APPROVE: 'send,read' }, /MCP_APPROVE must be/],
  [{ MCP_APPROVE: 'send', MCP_APPROVE_BY: 'text' }, /MCP_APPROVE_BY demands a text message to nobody/],
  [{ MCP_APPROVER: '+14155550177', AUTH_TOKEN: '' }, /Replies of MCP_APPROVER need the signature/],
  [{ MCP_APPROVER: '+14155550177', TWILIO_PHONE_NUMBER: '' }, /Nothing can text MCP_APPROVER/],
  [{ MCP_APPROVER: VALID_ENV.TWILIO_PHONE_NUMBER }, /MCP_APPROVER is its own sender/],
])('finds a policy that cannot be meant: %j', async (env, message) => {
  await expectProblem(await doctor({ ...VALID_ENV, ...env }), message);
});

test('says of a policy what enforces the rest', async () => {
  const { code, output } = await doctor({ ...VALID_ENV, MCP_COUNTRIES: 'US', MCP_STOP: 'true' });
  expect([code, output]).toEqual([0, expect.stringContaining('✓ MCP_STOP, MCP_COUNTRIES: no contradictions.')]);
  expect(output).toContain('MCP_STOP is set');
  expect(output).toContain('MCP_REPEAT_SECONDS is off');
  expect(output).toContain('Not enforced here');
});

test('finds the store, and what an earlier version left in another service', async () => {
  const { sync } = clientOf(stack.sandbox);
  await sync.v1.services.create({ friendlyName: STORE_NAME });
  await sync.v1.services(SEEDS.syncServiceSid).syncMaps.create({ uniqueName: 'conversations' });
  const { code, output } = await doctor(VALID_ENV);
  expect([code, output]).toEqual([0, expect.stringContaining('✓ The Sync service of the server exists.')]);
  expect(output).toContain('npm run move-store takes them over');
});

test('reports no problems for a correct setup and its deployment', async () => {
  const deployment = await startDeployment();
  const { gateway } = deployment;
  const services = {
    TWILIO_MESSAGING_SERVICE_SID: SEEDS.messagingServiceSid,
    TWILIO_VERIFY_SERVICE_SID: SEEDS.verifyServiceSid,
    TWILIO_SYNC_SERVICE_SID: SEEDS.syncServiceSid,
    TWILIO_TASKROUTER_WORKSPACE_SID: SEEDS.workspaceSid,
  };
  const { code, output } = await doctor({ ...VALID_ENV, ...services }, '--url', gateway.url);
  expect([code, output]).toEqual([0, expect.stringContaining('No problems found.')]);
  expect(output).toContain('✓ Handshake and tool list succeed');
  expect(output).toContain(`✓ It reaches the account ${VALID_ENV.ACCOUNT_SID}.`);
  expect(output).toContain(`✓ Signed requests arrive at ${gateway.url}.`);
  expect(output).toMatch(/^LIVE: this account sends and spends: AC\w{32} ".+"\. The doctor only reads\.\n/);
  expect(stack.sandbox.journal.entries.every(({ method }) => method === 'GET')).toBe(true);
  await deployment.close();
});

test.each<[string, Record<string, string | undefined>, RegExp]>([
  ['a missing key', { API_KEY: undefined }, /API_KEY is missing/],
  [
    'the account SID in place of the key',
    { API_KEY: VALID_ENV.ACCOUNT_SID },
    /API_KEY must be a SID: SK and 32 hex digits/,
  ],
  [
    'a misnamed variable',
    { TWILIO_API_KEY_SID: VALID_ENV.API_KEY, API_KEY: undefined },
    /TWILIO_API_KEY_SID is never read/,
  ],
  ['a number not in E.164', { TWILIO_PHONE_NUMBER: '500 555 0006' }, /TWILIO_PHONE_NUMBER must be a phone number/],
  [
    'a timeout above the platform’s',
    { TWILIO_TIMEOUT: '30000' },
    /TWILIO_TIMEOUT must be milliseconds from 1000 to 9000/,
  ],
  ['a truncated token', { AUTH_TOKEN: 'abc123' }, /AUTH_TOKEN must be 32 hex digits/],
  [
    'a callback URL on localhost',
    { TWILIO_STATUS_CALLBACK_URL: 'http://localhost:3000/status' },
    /TWILIO_STATUS_CALLBACK_URL is an address that Twilio cannot reach/,
  ],
  [
    'a callback URL without TLS',
    { TWILIO_STATUS_CALLBACK_URL: 'http://hooks.example.com/status' },
    /TWILIO_STATUS_CALLBACK_URL is plain http/,
  ],
  ['webhooks without TLS', { WEBHOOK_BASE_URL: 'http://hooks.example.com' }, /WEBHOOK_BASE_URL must be an https URL/],
  ['a wrong secret', { API_SECRET: 'wrong' }, /rejects API_KEY with API_SECRET/],
  ['a wrong token', { AUTH_TOKEN: 'f'.repeat(32) }, /AUTH_TOKEN is not the token of ACCOUNT_SID/],
  [
    'a Messaging Service of another account',
    { TWILIO_MESSAGING_SERVICE_SID: `MG${'f'.repeat(32)}` },
    /TWILIO_MESSAGING_SERVICE_SID does not exist in this account/,
  ],
  [
    'a deleted Verify service',
    { TWILIO_VERIFY_SERVICE_SID: `VA${'f'.repeat(32)}` },
    /TWILIO_VERIFY_SERVICE_SID does not exist in this account/,
  ],
  [
    'a deleted workspace',
    { TWILIO_TASKROUTER_WORKSPACE_SID: `WS${'f'.repeat(32)}` },
    /TWILIO_TASKROUTER_WORKSPACE_SID does not exist in this account/,
  ],
  [
    'a number of another account',
    { TWILIO_PHONE_NUMBER: '+15005550001' },
    /TWILIO_PHONE_NUMBER is not a number of this account/,
  ],
])('reports %s', async (_label, changes, message) => {
  await expectProblem(await doctor({ ...VALID_ENV, ...changes }), message);
});

test('reads the usual names of Twilio', async () => {
  const { ACCOUNT_SID, API_KEY, API_SECRET, AUTH_TOKEN } = VALID_ENV;
  const usual = { TWILIO_ACCOUNT_SID: ACCOUNT_SID, TWILIO_API_KEY: API_KEY, TWILIO_API_SECRET: API_SECRET };
  const { code, output } = await doctor({ ...usual, TWILIO_AUTH_TOKEN: AUTH_TOKEN });
  expect([code, output]).toEqual([0, expect.stringContaining('✓ AUTH_TOKEN belongs to the account.')]);
  const server = await serveLocally({ env: usual, sandboxUrl: stack.sandbox.url });
  const checked = await doctor({ ...usual, ACCOUNT_SID, API_KEY: `SK${'0'.repeat(32)}` }, '--url', server.url);
  expect(checked.output).toContain('TWILIO_API_KEY differs from API_KEY and is not read');
  expect((await doctor(usual, '--url', server.url)).output).toContain(`✓ It reaches the account ${ACCOUNT_SID}.`);
  await server.close();
});

test('is content with the sandbox, and with a server that runs on it', async () => {
  const address = stack.server.url.replace('http://', '');
  const { code, output } = await doctor({}, '--url', address);
  expect([code, output]).toEqual([0, expect.stringContaining('No problems found.')]);
  expect(output).toMatch(/^Sandbox: nothing is sent to anyone/);
  expect(output).toContain('To try things, this is all you need.');
  expect(output).toContain('copy .env.example to .env and set ACCOUNT_SID, API_KEY, API_SECRET and AUTH_TOKEN');
  expect(output).toContain('✓ It reaches the account AC');
});

test('finds the server that runs on this machine, and notices that it has another account', async () => {
  const { port } = new URL(stack.server.url);
  const found = await doctorAt(port, VALID_ENV);
  expect([found.code, found.output]).toEqual([
    0,
    expect.stringContaining(`✓ It reaches the account ${SANDBOX_ACCOUNT_SID}.`),
  ]);
  const other = await doctorAt(port, { ...VALID_ENV, ACCOUNT_SID: `AC${'1'.repeat(32)}` });
  expect(other.output).toContain(
    `✗ The server at http://localhost:${port} uses ${SANDBOX_ACCOUNT_SID}, not the ACCOUNT_SID of`,
  );
  expect(other.output).toContain('Fix: Stop it and run npm start again: it reads the file once, when it starts.');
  for (const env of [VALID_ENV, {}]) {
    const none = await doctorAt('9', env);
    expect([none.code, none.output]).toEqual([0, expect.stringContaining('Skipped: add --url')]);
  }
});

test('notes variables that have no effect', async () => {
  const unused = { WEBHOOK_PORT: '3001', ENABLE_AI_CONTEXT: 'true', TWILIO_PHONE_NUMER: '+15005550006', COLOR: 'red' };
  const { code, output } = await doctor({ ...VALID_ENV, ...unused });
  const notes = output.split('\n').filter((line) => /is not (used|a setting)/.test(line));
  expect([code, notes]).toEqual([
    0,
    [
      expect.stringMatching(/– ENABLE_AI_CONTEXT is not used: .*includeContext/),
      expect.stringMatching(/– TWILIO_PHONE_NUMER is not a setting. Is it TWILIO_PHONE_NUMBER\?/),
      expect.stringMatching(/– WEBHOOK_PORT is not used: .*PORT=3001/),
    ],
  ]);
});

test('reports a suspended account', async () => {
  const account = JSON.stringify({ sid: VALID_ENV.ACCOUNT_SID, status: 'suspended', type: 'Full' });
  // The first line of the command names the account too.
  stack.sandbox.faults.add({ operationId: 'FetchAccount', status: 200, html: account, times: 2 });
  await expectProblem(await doctor(VALID_ENV), /The account is suspended/);
});

test('reports a number whose webhook Twilio cannot reach', async () => {
  await postToTwilio(
    `/2010-04-01/Accounts/${VALID_ENV.ACCOUNT_SID}/IncomingPhoneNumbers/${SEEDS.phoneNumberSids[1]}.json`,
    { SmsUrl: 'http://localhost:3000/sms' },
  );
  await expectProblem(
    await doctor(VALID_ENV),
    /webhook of \+12025550143 for messages is an address that Twilio cannot reach/,
  );
});

test('notes a webhook without connection overrides', async () => {
  for (const [sid, SmsUrl] of [
    [SEEDS.phoneNumberSids[0], 'https://example.com/webhooks/twilio/sms'],
    [SEEDS.phoneNumberSids[1], 'https://example.com/webhooks/twilio/sms#rc=1'],
  ] as const)
    await postToTwilio(`/2010-04-01/Accounts/${VALID_ENV.ACCOUNT_SID}/IncomingPhoneNumbers/${sid}.json`, { SmsUrl });
  const { output } = await doctor(VALID_ENV);
  expect(output.match(/webhook of \S+ for messages is not repeated if it fails/g)).toEqual([
    `webhook of ${SEEDS.numbers[0]} for messages is not repeated if it fails`,
  ]);
});

test('reports a store that cannot be used', async () => {
  await expectProblem(await doctor({ ...VALID_ENV, DATABASE_PATH: folder }), `${folder}, is a folder`);
});

test('reports a Messaging Service without a sender', async () => {
  const created = await postToTwilio('/v1/Services', { FriendlyName: 'Empty' }, 'messaging.twilio.com');
  await expectProblem(await doctor({ ...VALID_ENV, TWILIO_MESSAGING_SERVICE_SID: created.sid }), /has no sender/);
});

describe('reports a deployment with', () => {
  test('no response', async () => {
    await expectProblem(
      await doctor(VALID_ENV, '--url', 'http://127.0.0.2:9'),
      /No response from http:\/\/127\.0\.0\.2:9/,
    );
  });

  test('the auth token of another account', async () => {
    const other = await startGateway('0'.repeat(32), stack.server.url);
    await expectProblem(await doctor(VALID_ENV, '--url', other.url), /rejects the signature \(HTTP 403\)/);
    await other.close();
  });

  test.each([
    ['no /mcp', 404, 'not found', /There is no \/mcp at this address/],
    ['another site at its address', 200, '<html></html>', /is not an MCP server/],
    ['a failing Function', 500, 'error', /The deployment fails \(HTTP 500\)/],
  ])('%s', async (_label, status, body, message) => {
    const site = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    await expectProblem(
      await doctor(VALID_ENV, '--url', `http://127.0.0.1:${(site.address() as AddressInfo).port}`),
      message,
    );
    site.close();
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['missing variables', { API_SECRET: '' }, /cannot use the account\..*API_SECRET is missing/],
    ['a revoked key', { API_SECRET: 'revoked' }, /rejects the deployment's API key/],
    ['the credentials of another account', { ACCOUNT_SID: `AC${'e'.repeat(32)}` }, /uses a different account/],
  ])('%s', async (_label, env, message) => {
    const server = await serveLocally({ env: { ...SANDBOX_ENVIRONMENT, ...env }, sandboxUrl: stack.sandbox.url });
    const deployment = await startGateway(SANDBOX_AUTH_TOKEN, server.url);
    await expectProblem(await doctor(VALID_ENV, '--url', deployment.url), message);
    await deployment.close();
    await server.close();
  });

  test('a malformed address or no local auth token', async () => {
    await expectProblem(await doctor(VALID_ENV, '--url', 'no address'), /--url is not an address/);
    await expectProblem(
      await doctor({ ...VALID_ENV, AUTH_TOKEN: undefined }, '--url', gateway.url),
      /Without AUTH_TOKEN/,
    );
  });
});

/** Posts a form to the sandbox as the account would to Twilio. */
async function postToTwilio(path: string, form: Record<string, string>, host = 'api.twilio.com') {
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
