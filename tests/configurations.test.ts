import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { OpenAI } from 'openai';
import { validateRequest } from 'twilio';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { connectionUrl, signConnection } from '../src/connect/address';
import type { Connection } from '../src/connect/client';
import { CLIENTS } from '../src/connect/configurations';
import { labelError } from '../src/connect/labels';
import { toolManifest } from '../src/connect/manifest';
import { openaiRequest } from '../src/connect/openai-clients';
import { selectTools } from '../src/connect/selection';
import { signatureOf } from '../src/signature';
import { type Deployment, startDeployment } from './support/deployment';
import { listTools, type OpenAIStandIn, startOpenAI } from './support/openai';
import { run } from './support/run';

/*
 * Every client configuration as the user sees it, used with its client if that can run, with a deployment that requires
 * the signature. Those of command-line clients run in tests/sweeps/command-line-clients.test.ts.
 */

jest.setTimeout(240_000);

const root = join(__dirname, '..');
const TOOL = 'twilio_voice_get_call_logs';
/** Inside the project, so that Node.js finds its packages. */
const folder = join(root, 'dist/configurations');

let deployment: Deployment;
let gateway: Deployment['gateway'];
let openai: OpenAIStandIn;
let connection: Connection & { signature: string };
beforeAll(async () => {
  openai = await startOpenAI();
  deployment = await startDeployment();
  gateway = deployment.gateway;
  const grant = { services: ['Messaging', 'Voice'], readonly: true, client: 'laptop', expires: '2099-03-31' };
  connection = await signConnection(gateway.url, grant, SANDBOX_AUTH_TOKEN);
  mkdirSync(folder, { recursive: true });
});
afterAll(async () => {
  await openai.close();
  await deployment.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  gateway.requests.length = 0;
  openai.bodies.length = 0;
});
/** Expects at least one request, and all with a valid signature. */
const expectAllowed = () => expect([...new Set(gateway.requests.map(({ allowed }) => allowed))]).toEqual([true]);

const snippetOf = (id: string, of: Connection = connection) => CLIENTS.find((client) => client.id === id)!.write(of);
const bash = (command: string, env: Record<string, string> = {}) =>
  run('bash', ['-c', command], { cwd: folder, env: { ...process.env, ...env } });
const openaiEnv = () => ({ OPENAI_API_KEY: 'test', OPENAI_BASE_URL: openai.url, OPENAI_AGENTS_DISABLE_TRACING: '1' });

test('the gateway rejects requests without a signature or with one for another URL', async () => {
  expect(await listTools({ server_url: connection.url })).toEqual([expect.stringContaining('Forbidden')]);
  const wider = connectionUrl(gateway.url, { services: ['Messaging', 'Voice'], readonly: false });
  const headers = { 'x-twilio-signature': connection.signature };
  expect(await listTools({ server_url: wider, headers })).toEqual([expect.stringContaining('Forbidden')]);
});

describe('the URL', () => {
  const selection = { services: ['Messaging', 'PhoneNumbers'], readonly: true };

  test.each([
    ['https://a-1-dev.twil.io', 'https://a-1-dev.twil.io/mcp?services=Messaging&services=PhoneNumbers&readonly=true'],
    ['a-1-dev.twil.io', 'https://a-1-dev.twil.io/mcp?services=Messaging&services=PhoneNumbers&readonly=true'],
    [
      'https://a-1-dev.twil.io/mcp?x=1',
      'https://a-1-dev.twil.io/mcp?services=Messaging&services=PhoneNumbers&readonly=true',
    ],
    ['http://localhost:3000/', 'http://localhost:3000/mcp?services=Messaging&services=PhoneNumbers&readonly=true'],
  ])('is complete for the address %s', (address, url) => expect(connectionUrl(address, selection)).toBe(url));

  test('does not change when clients normalize it', () => {
    const url = connectionUrl('https://a-1-dev.twil.io', selection);
    expect(new URL(url).href).toBe(url);
    expect(`https://a-1-dev.twil.io/mcp?${new URLSearchParams(new URL(url).search)}`).toBe(url);
  });

  test.each(['', 'ftp://a', 'javascript:alert(1)', 'a b'])('rejects the address %j', (address) =>
    expect(() => connectionUrl(address, selection)).toThrow(/address|URL/),
  );
});

test('the signature passes Twilio’s own validation', async () => {
  for (const url of [connection.url, 'https://a-1-dev.twil.io/mcp', 'https://a-1-dev.twil.io/mcp?services=all']) {
    expect(validateRequest(SANDBOX_AUTH_TOKEN, await signatureOf(url, SANDBOX_AUTH_TOKEN), url, {})).toBe(true);
  }
});

test.each(CLIENTS.map(({ id }) => [id]))('%s sends no header without a signature', (id) => {
  const text = snippetOf(id, { url: 'http://localhost:3000/mcp' });
  expect(text).toContain('http://localhost:3000/mcp');
  expect(text).not.toMatch(/headers"?:|--header|signature/i);
});

test.each(CLIENTS.filter(({ id }) => id !== 'inspector').map(({ id }) => [id]))('%s shows the label', (id) => {
  const text = (label?: string) => snippetOf(id, { ...connection, label });
  expect(text('tw-prod')).not.toBe(text());
  expect(text('tw-prod').replaceAll('tw-prod', 'twilio')).toBe(text());
});

test.each([
  // The longest names of Messaging and of all services decide.
  ['Messaging', 'twilio-readonly', undefined],
  ['Messaging', 'twilio-production', 'use at most 16 characters'],
  ['all', 'tw-prod', undefined],
  ['all', 'twilio-dev', 'use at most 7 characters'],
  ['Messaging', 'my.twilio', 'only letters, digits and hyphens'],
  ['Messaging', '', 'Start the label with a letter'],
])('for %s, the label %j: %s', (service, label, message) => {
  const tools = selectTools(toolManifest(), { services: [service], readonly: false });
  const error = labelError(label, tools);
  expect(error).toEqual(message && expect.stringContaining(message));
});

describe('OpenAI', () => {
  /** Expects that OpenAI received the request that the page shows. */
  const expectRequest = () => {
    expect(openai.bodies).toEqual([openaiRequest(connection)]);
    expectAllowed();
  };

  test('the request matches the types of the openai package', () => {
    // The compiler checks this assignment.
    const request: OpenAI.Responses.ResponseCreateParamsNonStreaming = openaiRequest(connection);
    expect(request.tools).toHaveLength(1);
  });

  test('with many tools, the model searches for them', () => {
    const many: OpenAI.Responses.ResponseCreateParamsNonStreaming = openaiRequest({ ...connection, tools: 20 });
    const [few] = openaiRequest({ ...connection, tools: 19 }).tools;
    expect(many.tools).toEqual([{ ...few, defer_loading: true }, { type: 'tool_search' }]);
    expect(few).not.toHaveProperty('defer_loading');
  });

  test('the body in PowerShell is the request', () => {
    const [, body] = snippetOf('openai-powershell').match(/^\$body = @'\n([\s\S]*?)\n'@$/m)!;
    expect(JSON.parse(body!)).toEqual(openaiRequest(connection));
  });

  test('the values for the Playground connect', async () => {
    const form = Object.fromEntries(
      snippetOf('openai-playground')
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    );
    expect(
      await listTools({ server_url: form.URL, headers: { [form['Header name']!]: form['Header value']! } }),
    ).toContain(TOOL);
    expectAllowed();
  });

  test('the curl command lists the tools', async () => {
    const redirect = `curl() { command curl "\${@/https:\\/\\/api.openai.com\\/v1/${openai.url.replaceAll('/', '\\/')}}"; }`;
    const { code, output } = await bash(`${redirect}\n${snippetOf('openai-curl')}`, openaiEnv());
    expect([code, output]).toEqual([0, expect.stringContaining(TOOL)]);
    expectRequest();
  });

  test('the JavaScript lists the tools', async () => {
    writeFileSync(join(folder, 'openai.mjs'), snippetOf('openai-javascript'));
    const { code, output } = await bash('node openai.mjs', openaiEnv());
    expect([code, output]).toEqual([0, expect.stringContaining(TOOL)]);
    expectRequest();
  });

  test('the JavaScript of the Agents SDK lists the tools', async () => {
    writeFileSync(join(folder, 'agents.mjs'), snippetOf('agents-javascript'));
    const { code, output } = await bash('node agents.mjs', openaiEnv());
    expect([code, output]).toEqual([0, expect.stringContaining(TOOL)]);
    expectAllowed();
  });

  test('the JavaScript matches the types of the packages', async () => {
    writeFileSync(join(folder, 'openai.mjs'), snippetOf('openai-javascript'));
    writeFileSync(join(folder, 'agents.mjs'), snippetOf('agents-javascript'));
    writeFileSync(join(folder, 'wrong.mjs'), snippetOf('openai-javascript').replace('server_url', 'serverUrl'));
    const options =
      '--noEmit --allowJs --checkJs --strict --skipLibCheck --target es2023 --module nodenext --types node';
    const { output } = await bash(
      `${join(root, 'node_modules/.bin/tsc')} --ignoreConfig ${options} openai.mjs agents.mjs wrong.mjs`,
    );
    // The error in the file that is wrong on purpose shows that types were checked.
    expect(output.match(/^\S+\.mjs/gm)).toEqual(['wrong.mjs']);
    expect(output).toContain('serverUrl');
  });

  test.each([
    ['openai-python', 'tools', () => openaiRequest(connection).tools],
    [
      'agents-python',
      'params',
      () => ({ url: connection.url, headers: { 'x-twilio-signature': connection.signature } }),
    ],
  ])('%s is valid Python with the same values', async (id, name, expected) => {
    writeFileSync(join(folder, 'shown.py'), snippetOf(id));
    writeFileSync(join(folder, 'literal.py'), LITERAL);
    const { code, output } = await bash(`python3 literal.py shown.py ${name}`);
    expect([code, output]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(output)).toEqual(expected());
  });
});

test('the Inspector lists the tools', async () => {
  const { code, output } = await bash(snippetOf('inspector'));
  expect([code, output]).toEqual([0, expect.stringContaining(TOOL)]);
  expectAllowed();
});

test.each([
  ['cursor', 'mcpServers', 'url', {}],
  ['windsurf', 'mcpServers', 'serverUrl', {}],
  ['zed', 'context_servers', 'url', {}],
  ['opencode', 'mcp', 'url', { type: 'remote' }],
  ['cline', 'mcpServers', 'url', { type: 'streamableHttp' }],
])('the %s file connects', async (id, key, address, rest) => {
  const { url, signature } = connection;
  const file = JSON.parse(snippetOf(id));
  const headers = { 'x-twilio-signature': signature };
  expect(file).toEqual({ [key]: { twilio: { ...rest, [address]: url, headers } } });
  const { twilio } = file[key];
  expect(await listTools({ server_url: twilio[address], headers: twilio.headers })).toContain(TOOL);
  expectAllowed();
});

test('VS Code asks for the signature, which is neither in its file nor in its link', async () => {
  const { url, signature } = connection;
  const file = JSON.parse(snippetOf('vscode', { ...connection, label: 'tw-ro' }));
  const input = {
    type: 'promptString',
    id: 'tw-ro-signature',
    description: 'x-twilio-signature of tw-ro',
    password: true,
  };
  const asked = `\${input:${input.id}}`;
  const server = { type: 'http', url, headers: { 'x-twilio-signature': asked } };
  expect(file).toEqual({ inputs: [input], servers: { 'tw-ro': server } });
  const answered = JSON.parse(JSON.stringify(server).replace(asked, signature));
  expect(await listTools({ server_url: answered.url, headers: answered.headers })).toContain(TOOL);
  expectAllowed();
  const { installLink } = CLIENTS.find((client) => client.id === 'vscode')!;
  const decode = (link: string) => JSON.parse(decodeURIComponent(link.replace('vscode:mcp/install?', '')));
  expect(decode(installLink!({ ...connection, label: 'tw-ro' }))).toEqual({
    name: 'tw-ro',
    ...server,
    inputs: [input],
  });
  expect(decode(installLink!({ url, label: 'tw-ro' }))).toEqual({ name: 'tw-ro', type: 'http', url });
});

test('the install link of Cursor contains its configuration', () => {
  const { installLink } = CLIENTS.find((client) => client.id === 'cursor')!;
  const { url, signature } = connection;
  const decode = (link: string) => JSON.parse(atob(new URL(link).searchParams.get('config')!));
  const link = installLink!({ ...connection, label: 'tw-ro' });
  expect(new URL(link).searchParams.get('name')).toBe('tw-ro');
  expect(decode(link)).toEqual({ url, headers: { 'x-twilio-signature': signature } });
  expect(decode(installLink!({ url, label: 'tw-ro' }))).toEqual({ url });
});

test('the command in the file of Claude Desktop connects', async () => {
  const { command, args } = JSON.parse(snippetOf('claude-desktop')).mcpServers.twilio;
  expect(args.filter((arg: string) => /\s/.test(arg))).toEqual([]);
  const client = new Client({ name: 'test', version: '1.0.0' });
  // It accepts http for localhost only, and the gateway of the tests has another name.
  await client.connect(new StdioClientTransport({ command, args: [...args, '--allow-http'], stderr: 'ignore' }));
  const { tools } = await client.listTools();
  await client.close();
  expect(tools.map(({ name }) => name)).toContain(TOOL);
});

test('the file of Goose has the address and the header', () => {
  const lines = snippetOf('goose').split('\n');
  expect(lines.map((line) => line.search(/\S/))).toEqual([0, 2, 4, 4, 4, 4, 6, 4, 4]);
  expect(lines).toContain(`    uri: "${connection.url}"`);
  expect(lines).toContain(`      x-twilio-signature: "${connection.signature}"`);
});

test('the form of the Playground has the values of its text', () => {
  const { form, write } = CLIENTS.find(({ id }) => id === 'openai-playground')!;
  const rows = write(connection)
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  expect(form!(connection)).toEqual(rows);
});

/** Prints as JSON the literal that a program assigns to a name or passes as an argument of that name. */
const LITERAL = `
import ast, json, sys
tree = ast.parse(open(sys.argv[1]).read())
for node in ast.walk(tree):
    if isinstance(node, ast.keyword) and node.arg == sys.argv[2] and not isinstance(node.value, ast.Name):
        print(json.dumps(ast.literal_eval(node.value)))
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == sys.argv[2]:
        print(json.dumps(ast.literal_eval(node.value)))
`;
