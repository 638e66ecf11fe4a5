import { join } from 'node:path';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { connectionUrl } from '../src/connect/address';
import type { Connection } from '../src/connect/client';
import { CLIENTS } from '../src/connect/configurations';
import { signatureOf } from '../src/signature';
import { type Gateway, startGateway } from './support/gateway';
import { listTools } from './support/openai';
import { run } from './support/run';
import { type Stack, startStack } from './support/stack';

/*
 * `npm run connect`: what it prints, keeps and rejects.
 */

jest.setTimeout(240_000);

const root = join(__dirname, '..');

const snippetOf = (id: string, of: Connection = connection) => CLIENTS.find((client) => client.id === id)!.write(of);

let stack: Stack;
let gateway: Gateway;
let connection: Connection & { signature: string };
beforeAll(async () => {
  stack = await startStack();
  gateway = await startGateway(SANDBOX_AUTH_TOKEN, stack.server.url);
  const url = connectionUrl(gateway.url, { services: ['Messaging', 'Voice'], readonly: true });
  connection = { url, signature: await signatureOf(url, SANDBOX_AUTH_TOKEN) };
});
afterAll(async () => {
  await gateway.close();
  await stack.close();
});

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
  const url = `${gateway.url}/mcp?services=Voice&tools=twilio_voice_get_call&readonly=true`;
  const { code, output } = await connect('--url', url, '--json');
  const { headers, tools, ...rest } = JSON.parse(output);
  expect([code, rest.url, tools]).toEqual([0, url, ['twilio_voice_get_call']]);
  expect(await listTools({ server_url: url, headers })).toEqual(tools);
});

test('signs tools= and sums up only these', async () => {
  const tools = ['twilio_messaging_send_sms', 'twilio_messaging_get_message_logs'];
  const { output } = await connect('--url', gateway.url, '--tools', tools.join(','));
  const url = `${gateway.url}/mcp?tools=${tools[0]}&tools=${tools[1]}`;
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
  expect(output).toContain(`URL        ${gateway.url}/mcp?${query}\n`);
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
