import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAI } from 'openai';
import { validateRequest } from 'twilio';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { CLIENTS, type Connection, connectionUrl, openaiRequest } from '../src/connect/configurations';
import { signatureOf } from '../src/signature';
import { type Gateway, startGateway } from './support/gateway';
import { listTools, type OpenAIStandIn, startOpenAI } from './support/openai';
import { run } from './support/run';
import { type Stack, startStack } from './support/stack';

/*
 * Every configuration, used as it is shown, by its client where that can run: past a gateway that asks for the signature.
 */

jest.setTimeout(240_000);

const root = join(__dirname, '..');
const TOOL = 'twilio_voice_get_call_logs';
const CLAUDE_CODE = '@anthropic-ai/claude-code@2.1.329';
/** Below the project, so that Node.js finds its packages from there. */
const folder = join(root, 'dist/configurations');

let stack: Stack;
let gateway: Gateway;
let openai: OpenAIStandIn;
let connection: Required<Connection>;
beforeAll(async () => {
  stack = await startStack();
  gateway = await startGateway(SANDBOX_AUTH_TOKEN, stack.server.url);
  openai = await startOpenAI();
  const url = connectionUrl(gateway.url, { services: ['Messaging', 'Voice'], readonly: true });
  connection = { url, signature: await signatureOf(url, SANDBOX_AUTH_TOKEN) };
  mkdirSync(folder, { recursive: true });
});
afterAll(async () => {
  await openai.close();
  await gateway.close();
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  gateway.requests.length = 0;
  openai.bodies.length = 0;
});
/** The client came, and with the right signature each time. */
const expectAllowed = () => expect([...new Set(gateway.requests.map(({ allowed }) => allowed))]).toEqual([true]);

const shown = (id: string, of: Connection = connection) => CLIENTS.find((client) => client.id === id)!.write(of);
const bash = (command: string, env: Record<string, string> = {}) =>
  run('bash', ['-c', command], { cwd: folder, env: { ...process.env, ...env } });
const OPENAI = () => ({ OPENAI_API_KEY: 'test', OPENAI_BASE_URL: openai.url, OPENAI_AGENTS_DISABLE_TRACING: '1' });

test('the gateway refuses who has no signature, or that of another URL', async () => {
  expect(await listTools({ server_url: connection.url })).toEqual([expect.stringContaining('Forbidden')]);
  const wider = connectionUrl(gateway.url, { services: ['Messaging', 'Voice'], readonly: false });
  const headers = { 'x-twilio-signature': connection.signature };
  expect(await listTools({ server_url: wider, headers })).toEqual([expect.stringContaining('Forbidden')]);
});

describe('the URL', () => {
  const choice = { services: ['Messaging', 'PhoneNumbers'], readonly: true };

  test.each([
    ['https://a-1-dev.twil.io', 'https://a-1-dev.twil.io/mcp?services=Messaging&services=PhoneNumbers&readonly=true'],
    ['a-1-dev.twil.io', 'https://a-1-dev.twil.io/mcp?services=Messaging&services=PhoneNumbers&readonly=true'],
    [
      'https://a-1-dev.twil.io/mcp?x=1',
      'https://a-1-dev.twil.io/mcp?services=Messaging&services=PhoneNumbers&readonly=true',
    ],
    ['http://localhost:3000/', 'http://localhost:3000/mcp?services=Messaging&services=PhoneNumbers&readonly=true'],
  ])('of %s', (address, url) => expect(connectionUrl(address, choice)).toBe(url));

  test('survives what clients do to URLs', () => {
    const url = connectionUrl('https://a-1-dev.twil.io', choice);
    expect(new URL(url).href).toBe(url);
    expect(`https://a-1-dev.twil.io/mcp?${new URLSearchParams(new URL(url).search)}`).toBe(url);
  });

  test.each(['', 'ftp://a', 'javascript:alert(1)', 'a b'])('of %j is refused', (address) =>
    expect(() => connectionUrl(address, choice)).toThrow(/address|URL/),
  );
});

test('the signature is the one that Twilio’s own check takes', async () => {
  for (const url of [connection.url, 'https://a-1-dev.twil.io/mcp', 'https://a-1-dev.twil.io/mcp?services=all']) {
    expect(validateRequest(SANDBOX_AUTH_TOKEN, await signatureOf(url, SANDBOX_AUTH_TOKEN), url, {})).toBe(true);
  }
});

test.each(CLIENTS.map(({ id }) => [id]))('%s sends no header where there is no signature', (id) => {
  const text = shown(id, { url: 'http://localhost:3000/mcp' });
  expect(text).toContain('http://localhost:3000/mcp');
  expect(text).not.toMatch(/header|signature/i);
});

describe('OpenAI', () => {
  /** What hosted models are asked: this server, reading without approval. */
  const expectAsked = () => {
    expect(openai.bodies).toEqual([openaiRequest(connection)]);
    expectAllowed();
  };

  test('the request has the types of its own package', () => {
    // The compiler's word; there is nothing to run.
    const request: OpenAI.Responses.ResponseCreateParamsNonStreaming = openaiRequest(connection);
    expect(request.tools).toHaveLength(1);
  });

  test('the Playground’s form', async () => {
    const form = Object.fromEntries(
      shown('openai-playground')
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    );
    expect(
      await listTools({ server_url: form.URL, headers: { [form['Header name']!]: form['Header value']! } }),
    ).toContain(TOOL);
    expectAllowed();
  });

  test('curl', async () => {
    const elsewhere = `curl() { command curl "\${@/https:\\/\\/api.openai.com\\/v1/${openai.url.replaceAll('/', '\\/')}}"; }`;
    const { code, output } = await bash(`${elsewhere}\n${shown('openai-curl')}`, OPENAI());
    expect([code, output]).toEqual([0, expect.stringContaining(TOOL)]);
    expectAsked();
  });

  test('JavaScript', async () => {
    writeFileSync(join(folder, 'openai.mjs'), shown('openai-javascript'));
    const { code, output } = await bash('node openai.mjs', OPENAI());
    expect([code, output]).toEqual([0, expect.stringContaining(TOOL)]);
    expectAsked();
  });

  test('JavaScript of the Agents SDK', async () => {
    writeFileSync(join(folder, 'agents.mjs'), shown('agents-javascript'));
    const { code, output } = await bash('node agents.mjs', OPENAI());
    expect([code, output]).toEqual([0, expect.stringContaining(TOOL)]);
    expectAllowed();
  });

  test('JavaScript is right by the packages’ types', async () => {
    writeFileSync(join(folder, 'openai.mjs'), shown('openai-javascript'));
    writeFileSync(join(folder, 'agents.mjs'), shown('agents-javascript'));
    writeFileSync(join(folder, 'wrong.mjs'), shown('openai-javascript').replace('server_url', 'serverUrl'));
    const options =
      '--noEmit --allowJs --checkJs --strict --skipLibCheck --target es2023 --module nodenext --types node';
    const { output } = await bash(
      `${join(root, 'node_modules/.bin/tsc')} --ignoreConfig ${options} openai.mjs agents.mjs wrong.mjs`,
    );
    // The one that is meant to be wrong shows that the types were looked at.
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
  ])('%s is Python, and says the same', async (id, name, expected) => {
    writeFileSync(join(folder, 'shown.py'), shown(id));
    writeFileSync(join(folder, 'literal.py'), LITERAL);
    const { code, output } = await bash(`python3 literal.py shown.py ${name}`);
    expect([code, output]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(output)).toEqual(expected());
  });
});

test('the Inspector', async () => {
  const { code, output } = await bash(shown('inspector'));
  expect([code, output]).toEqual([0, expect.stringContaining(TOOL)]);
  expectAllowed();
});

test('Claude Code', async () => {
  const home = mkdtempSync(join(tmpdir(), 'twilio-mcp-claude-'));
  const command = `${shown('claude-code')} && claude mcp get twilio`;
  const { output } = await run('npx', ['-y', '-p', CLAUDE_CODE, '-c', command], {
    cwd: home,
    env: { ...process.env, HOME: home, CLAUDE_CONFIG_DIR: home },
  });
  expect(output).toMatch(/Status: . Connected/);
  expectAllowed();
  rmSync(home, { recursive: true, force: true });
});

test.each([
  ['vscode', 'servers', ['type', 'url', 'headers']],
  ['cursor', 'mcpServers', ['url', 'headers']],
])('%s', async (id, key, keys) => {
  const file = JSON.parse(shown(id));
  expect(Object.keys(file)).toEqual([key]);
  const { twilio } = file[key];
  expect(Object.keys(twilio)).toEqual(keys);
  expect(await listTools({ server_url: twilio.url, headers: twilio.headers })).toContain(TOOL);
  expectAllowed();
});

describe('npm run connect', () => {
  const connect = (...args: string[]) =>
    run(process.execPath, ['--import', 'tsx', 'scripts/connect.ts', ...args], {
      cwd: root,
      env: { ...process.env, AUTH_TOKEN: SANDBOX_AUTH_TOKEN },
    });

  test('tells URL, signature, cost and configuration', async () => {
    const choice = ['--url', gateway.url, '--services', 'messaging,Voice', '--readonly'];
    const { code, output } = await connect(...choice, '--client', 'vscode');
    expect(code).toBe(0);
    expect(output).toContain(`URL        ${connection.url}\n`);
    expect(output).toContain(`Signature  ${connection.signature}\n`);
    const headers = { 'x-twilio-signature': connection.signature };
    const offered = await listTools({ server_url: connection.url, headers });
    expect(output).toMatch(new RegExp(`Offers {5}${offered.length} tools, about [\\d,]+ tokens\\n`));
    expect(output).toContain(shown('vscode'));
    expect(output).not.toContain(SANDBOX_AUTH_TOKEN);
  });

  test('needs no token on this machine', async () => {
    const { output } = await connect('--services', 'all', '--client', 'cursor');
    expect(output).toContain('URL        http://localhost:3000/mcp?services=all\n');
    expect(output).toContain(shown('cursor', { url: 'http://localhost:3000/mcp?services=all' }));
  });

  test.each([
    [['--services', 'Fax'], /Unknown service "Fax"\. Known services: Messaging,/],
    [['--client', 'emacs'], /Unknown client "emacs"\. Clients: openai-playground,/],
    [['--url', 'ftp://x'], /not an http\(s\) address/],
  ])('%j is refused in words', async (args, words) => {
    const { code, output } = await connect(...args);
    expect([code, output]).toEqual([1, expect.stringMatching(words)]);
  });
});

/** Prints, as JSON, the literal that a program gives a name, or an argument of that name. */
const LITERAL = `
import ast, json, sys
tree = ast.parse(open(sys.argv[1]).read())
for node in ast.walk(tree):
    if isinstance(node, ast.keyword) and node.arg == sys.argv[2] and not isinstance(node.value, ast.Name):
        print(json.dumps(ast.literal_eval(node.value)))
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == sys.argv[2]:
        print(json.dumps(ast.literal_eval(node.value)))
`;
