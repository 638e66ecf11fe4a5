import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { dayIn, grantIn, signConnection, VALID_DAYS } from '../src/connect/address';
import type { Connection } from '../src/connect/client';
import { CLIENTS } from '../src/connect/configurations';
import { envText } from './support/clone';
import { type Deployment, startDeployment } from './support/deployment';
import { listTools } from './support/openai';
import { run } from './support/run';
import { startStack } from './support/stack';

/*
 * `npm run connect`: what it prints, keeps and rejects.
 */

jest.setTimeout(240_000);

const root = join(__dirname, '..');

const snippetOf = (id: string, of: Connection = connection) => CLIENTS.find((client) => client.id === id)!.write(of);

let deployment: Deployment;
let gateway: Deployment['gateway'];
let connection: Connection & { signature: string };
beforeAll(async () => {
  deployment = await startDeployment();
  gateway = deployment.gateway;
  const grant = { services: ['Messaging', 'Voice'], readonly: true, expires: dayIn(VALID_DAYS) };
  connection = await signConnection(gateway.url, grant, SANDBOX_AUTH_TOKEN);
});
afterAll(() => deployment.close());
beforeEach(() => gateway.hidden.clear());

/** A URL of the deployment with this query and its key. */
async function withKey(query: string): Promise<string> {
  const plain = `${gateway.url}/mcp${query && `?${query}`}`;
  const { url } = await signConnection(plain, grantIn(plain), SANDBOX_AUTH_TOKEN);
  expect(url.startsWith(plain)).toBe(true);
  return url;
}

const connect = (...args: string[]) =>
  run(process.execPath, ['--import', 'tsx', 'scripts/connect.ts', ...args], {
    cwd: root,
    env: { ...process.env, AUTH_TOKEN: SANDBOX_AUTH_TOKEN },
  });

test('prints URL, signature, cost and configuration', async () => {
  const selection = ['--url', gateway.url, '--services', 'messaging,Voice', '--readonly'];
  const { code, output } = await connect(...selection, '--client', 'vscode');
  expect(code).toBe(0);
  expect(output).toContain(`URL        ${connection.url}\n`);
  expect(output).toContain(`Signature  ${connection.signature}\n`);
  const headers = { 'x-twilio-signature': connection.signature };
  const tools = await listTools({ server_url: connection.url, headers });
  expect(output).toMatch(new RegExp(`Offers {5}${tools.length} tools, about [\\d,]+ tokens\\n`));
  expect(output).toContain(snippetOf('vscode'));
  expect(output).not.toContain(SANDBOX_AUTH_TOKEN);
});

test('needs no auth token for localhost', async () => {
  const { output } = await connect('--services', 'all', '--client', 'cursor', '--label', 'tw-ro');
  expect(output).toContain('URL        http://localhost:3000/mcp?services=all\n');
  expect(output).toContain('Label      tw-ro; at most 7 characters for these tools\n');
  expect(output).toContain(snippetOf('cursor', { url: 'http://localhost:3000/mcp?services=all', label: 'tw-ro' }));
});

test('warns about more tools than the client can use', async () => {
  const { output } = await connect('--services', 'all', '--client', 'gemini-cli');
  expect(output).toContain('\nGemini CLI can use at most 480 tools: select fewer services.\n');
  expect((await connect('--client', 'gemini-cli')).output).not.toContain('at most 480');
});

test('keeps all that a given URL asks for', async () => {
  const query =
    'services=Voice&tools=twilio_voice_get_call&exclude=Api&readonly=true&dryrun=true&client=a&expires=2099-01-31';
  const { code, output } = await connect('--url', `${gateway.url}/mcp?${query}`, '--json');
  const { url, headers, tools } = JSON.parse(output);
  expect([code, url, tools]).toEqual([0, await withKey(query), ['twilio_voice_get_call']]);
  expect(await listTools({ server_url: url, headers })).toEqual(tools);
  expect(JSON.parse((await connect('--url', url, '--json')).output).url).toBe(url);
});

test('proves the URL by its key too, for a platform that hides the signature', async () => {
  const { output } = await connect('--url', gateway.url, '--services', 'Voice', '--readonly', '--json');
  const { url, headers, tools } = JSON.parse(output);
  gateway.hidden.add('x-twilio-signature');
  expect(await listTools({ server_url: url, headers })).toEqual(tools);
});

test('names the client, and ends the URL on the chosen day', async () => {
  const options = ['--url', gateway.url, '--name', 'laptop', '--expires', '2099-03-31'];
  const { output } = await connect(...options);
  expect(output).toContain(`URL        ${await withKey('client=laptop&expires=2099-03-31')}\n`);
  expect(output).toContain('Name       laptop\nExpires    2099-03-31\n');
  const never = await connect('--url', gateway.url, '--expires', 'never');
  expect(never.output).toContain(`URL        ${await withKey('')}\n`);
  expect(never.output).toMatch(/Name {7}none; .*MCP_REVOKED.*\nExpires {4}never\n/);
});

test('leaves out what is excluded', async () => {
  const { output } = await connect('--url', gateway.url, '--services', 'voice,lookups', '--exclude', 'Voice', '--json');
  const { url, headers, tools } = JSON.parse(output);
  expect(grantIn(url)).toMatchObject({ services: ['Lookups'], exclude: ['Voice'] });
  expect(tools).not.toContain('twilio_voice_get_call');
  expect(await listTools({ server_url: url, headers })).toEqual(tools);
});

test('signs tools= and sums up only these', async () => {
  const tools = ['twilio_messaging_send_sms', 'twilio_messaging_get_message_logs'];
  const { output } = await connect('--url', gateway.url, '--tools', tools.join(','), '--expires', 'never');
  const url = await withKey(`tools=${tools[0]}&tools=${tools[1]}`);
  expect(output).toContain(`URL        ${url}\n`);
  expect(output).toContain('Offers     2 tools');
  const signature = /^Signature {2}(.*)$/m.exec(output)![1]!;
  expect(await listTools({ server_url: url, headers: { 'x-twilio-signature': signature } })).toHaveLength(2);
});

test.each([
  ['twilio_voice_get_call', 'services=Voice&tools=twilio_voice_get_call'],
  [
    'twilio_voice_get_call,twilio_messaging_send_sms',
    'services=Messaging&services=Voice&tools=twilio_messaging_send_sms&tools=twilio_voice_get_call',
  ],
])('finds the services of %s', async (tools, query) => {
  const { output } = await connect('--url', gateway.url, '--tools', tools);
  expect(output).toContain(`URL        ${gateway.url}/mcp?${query}&`);
});

describe('a server on this machine', () => {
  let folder: string;
  const TUNNEL = 'https://abc.example.app';

  test('with a public address accepts its URL, from this machine and through the tunnel', async () => {
    const stack = await startStack({ env: { AUTH_TOKEN: SANDBOX_AUTH_TOKEN, WEBHOOK_BASE_URL: TUNNEL } });
    const env = join(folder, 'env');
    writeFileSync(env, envText(stack.env));
    const local = JSON.parse((await connect('--url', stack.server.url, '--env', env, '--json')).output);
    expect(await listTools({ server_url: local.url, headers: local.headers })).toEqual(local.tools);
    const elsewhere = JSON.parse((await connect('--url', TUNNEL, '--env', env, '--json')).output);
    const arriving = elsewhere.url.replace(TUNNEL, stack.server.url);
    expect(await listTools({ server_url: arriving, headers: elsewhere.headers })).toEqual(local.tools);
    await stack.close();
  });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-connect-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['with a public address', { WEBHOOK_BASE_URL: TUNNEL }, true],
    ['with a local one', { WEBHOOK_BASE_URL: 'http://localhost:3000' }, false],
    ['with the sandbox', { WEBHOOK_BASE_URL: TUNNEL, ACCOUNT_SID: '', API_KEY: '', API_SECRET: '' }, false],
  ])('%s', async (_label, variables, isSigned) => {
    const env = join(folder, 'env');
    writeFileSync(env, envText({ ...deployment.stack.env, ...variables }));
    const { output } = await connect('--services', 'Voice', '--env', env, '--json');
    const { url, headers } = JSON.parse(output);
    const plain = { url: 'http://localhost:3000/mcp?services=Voice' };
    const { url: signedUrl, signature } = await signConnection(plain.url, { services: ['Voice'] }, SANDBOX_AUTH_TOKEN);
    expect([url, headers]).toEqual(isSigned ? [signedUrl, { 'x-twilio-signature': signature }] : [plain.url, {}]);
  });
});

test('uses http for this machine', async () => {
  const { output } = await connect('--url', 'localhost:4300/mcp?readonly=true', '--client', 'cursor');
  expect(output).toContain('URL        http://localhost:4300/mcp?readonly=true\n');
});

test('fails without an auth token', async () => {
  const env = { ...process.env, AUTH_TOKEN: '', TWILIO_AUTH_TOKEN: '' };
  const without = (...args: string[]) =>
    run(process.execPath, ['--import', 'tsx', 'scripts/connect.ts', '--url', gateway.url, ...args], { cwd: root, env });
  expect(await without()).toEqual({ code: 1, output: expect.stringMatching(/AUTH_TOKEN is not set/) });
  expect(await without('--json')).toEqual({
    code: 1,
    output: expect.stringMatching(/^The signature is missing, because AUTH_TOKEN is not set.*\n$/),
  });
});

test.each([
  [['--services', 'Fax'], /Unknown service "Fax"\. Known services: Messaging,/],
  [['--client', 'emacs'], /Unknown client "emacs"\. Clients: claude-code,/],
  [['--services', 'all', '--label', 'twilio-dev'], /use at most 7 characters/],
  [['--url', 'ftp://x'], /not an http\(s\) address/],
  [['--url', 'https://a-1-dev.twil.io/other'], /answers at \/mcp, not at \/other/],
  [['--url', 'https://a-1-dev.twil.io/mcp?service=Voice'], /Unknown parameter "service"/],
  [['--url', 'https://a-1-dev.twil.io/mcp?readonly=yes'], /readonly must be true or false/],
  [['--url', 'https://a-1-dev.twil.io/mcp#x'], /Remove #x/],
  [['--url', 'https://a-1-dev.twil.io/mcp?services=Voice', '--services', 'Inbox'], /already has services=/],
  [['--url', 'https://a-1-dev.twil.io/mcp?client=a', '--name', 'b'], /already has client=.*leave out --name/],
  [['--name', 'my laptop'], /client must be a name of up to 40 letters/],
  [['--expires', '2027-02-30'], /expires must be the last day/],
  [['--exclude', 'Fax'], /neither a service nor a tool/],
  [['--tools', 'twilio_send_sms'], /Unknown tool "twilio_send_sms". Did you mean/],
  [
    ['--services', 'Voice', '--tools', 'twilio_messaging_send_sms'],
    /^A tool of --tools belongs to another service: add --services Messaging\.\n$/,
  ],
  [['--tols', 'x'], /^Unknown option --tols\. Did you mean --tools\? See npm run connect -- --help\.\n$/],
  [['--services'], /^--services needs a value: --services <names>/],
  [['Messaging'], /^Unexpected argument "Messaging"/],
])('rejects %j with a message', async (args, message) => {
  const { code, output } = await connect(...args);
  expect([code, output]).toEqual([1, expect.stringMatching(message)]);
});
