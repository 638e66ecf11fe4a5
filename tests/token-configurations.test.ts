import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { dayIn, issueToken, VALID_DAYS } from '../src/connect/address';
import type { Connection } from '../src/connect/client';
import { CLIENTS } from '../src/connect/configurations';
import { TOKEN_CLIENTS } from '../src/connect/token-clients';
import { type Deployment, startDeployment } from './support/deployment';
import { listTools } from './support/openai';
import { run } from './support/run';
import { startStack } from './support/stack';

/*
 * `npm run connect -- --token`, and the configurations with an access token.
 */

jest.setTimeout(240_000);

const root = join(__dirname, '..');
const TOOL = 'twilio_messaging_get_message_logs';

let deployment: Deployment;
let connection: Connection & { token: string };
beforeAll(async () => {
  deployment = await startDeployment({ env: { MCP_ACCESS_TOKENS: 'true' } });
  const grant = { services: ['Messaging'], readonly: true, client: 'laptop', expires: dayIn(1) };
  connection = await issueToken(deployment.gateway.url, grant, SANDBOX_AUTH_TOKEN);
});
afterAll(() => deployment.close());

const snippetOf = (id: string) => [...CLIENTS, ...TOKEN_CLIENTS].find((client) => client.id === id)!.write(connection);

const connect = (...args: string[]) =>
  run(process.execPath, ['--import', 'tsx', 'scripts/connect.ts', '--token', ...args], {
    cwd: root,
    env: { ...process.env, AUTH_TOKEN: SANDBOX_AUTH_TOKEN },
  });

describe('npm run connect -- --token', () => {
  test('prints a token that opens what was selected, with its ID, holder and end', async () => {
    const { url } = deployment.gateway;
    const { code, output } = await connect('--url', url, '--services', 'Voice', '--readonly', '--name', 'laptop');
    expect(code).toBe(0);
    expect(output).toContain(`URL        ${url}/mcp/bearer\n`);
    expect(output).toMatch(/^ID {9}([0-9a-f]{12}); MCP_REVOKED=\1 ends this token alone$/m);
    expect(output).toContain(`Name       laptop\nExpires    ${dayIn(VALID_DAYS)}\n`);
    expect(output).toContain('MCP_ACCESS_TOKENS=true');
    const token = /^Token {6}(\S+)$/m.exec(output)![1]!;
    const names = await listTools({ server_url: `${url}/mcp/bearer`, headers: { Authorization: `Bearer ${token}` } });
    expect(names).toContain('twilio_voice_get_call');
    expect(names).not.toContain('twilio_voice_make_call');
    expect(output).toContain(`Offers     ${names.length} tools`);
  });

  test('prints JSON', async () => {
    const { output } = await connect('--url', deployment.gateway.url, '--name', 'a', '--expires', dayIn(2), '--json');
    const { url, headers, tools, id } = JSON.parse(output);
    expect([await listTools({ server_url: url, headers }), id]).toEqual([
      tools,
      expect.stringMatching(/^[0-9a-f]{12}$/),
    ]);
  });

  test('signs for the sandbox on this machine, without any auth token', async () => {
    const local = await startStack({ env: { MCP_ACCESS_TOKENS: 'true', AUTH_TOKEN: SANDBOX_AUTH_TOKEN } });
    try {
      const args = [
        '--import',
        'tsx',
        'scripts/connect.ts',
        '--token',
        '--url',
        local.server.url,
        '--name',
        'a',
        '--json',
      ];
      const env = { ...process.env, AUTH_TOKEN: '', TWILIO_AUTH_TOKEN: '' };
      const { url, headers, tools } = JSON.parse((await run(process.execPath, args, { cwd: root, env })).output);
      expect(await listTools({ server_url: url, headers })).toEqual(tools);
      expect((await fetch(url, { method: 'POST' })).status).toBe(401);
    } finally {
      await local.close();
    }
  });

  test.each([
    [[], /says who holds it: add --name/],
    [['--name', 'a', '--expires', 'never'], /expires within 90 days/],
    [['--name', 'a', '--expires', '2099-01-01'], /expires within 90 days/],
  ])('rejects %j', async (args, message) => {
    const { code, output } = await connect('--url', 'https://a-1-dev.twil.io', ...args);
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
  });

  test('is the only way to a client that takes nothing else', async () => {
    const args = ['--import', 'tsx', 'scripts/connect.ts', '--client', 'anthropic-api'];
    const { code, output } = await run(process.execPath, args, { cwd: root, env: process.env });
    expect([code, output]).toEqual([1, expect.stringMatching(/takes an access token: add --token/)]);
  });
});

test.each([...CLIENTS, ...TOKEN_CLIENTS].filter(({ id }) => id !== 'vscode').map(({ id }) => [id]))(
  '%s gets the token and no signature',
  (id) => {
    const text = snippetOf(id);
    expect(text).toContain(connection.token);
    expect(text).toContain('/mcp/bearer');
    expect(text).not.toMatch(/signature/i);
  },
);

test.each([
  ['cursor', 'mcpServers', 'url'],
  ['windsurf', 'mcpServers', 'serverUrl'],
  ['zed', 'context_servers', 'url'],
  ['opencode', 'mcp', 'url'],
  ['cline', 'mcpServers', 'url'],
])('the %s file connects', async (id, key, address) => {
  const { twilio } = JSON.parse(snippetOf(id))[key];
  expect(await listTools({ server_url: twilio[address], headers: twilio.headers })).toContain(TOOL);
});

test('VS Code asks for the token, which is not in its file', async () => {
  const { inputs, servers } = JSON.parse(snippetOf('vscode'));
  expect(inputs).toEqual([
    { type: 'promptString', id: 'twilio-token', description: 'Access token of twilio', password: true },
  ]);
  expect(JSON.stringify(servers)).not.toContain(connection.token);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the form of VS Code's file
  const headers = JSON.parse(JSON.stringify(servers.twilio.headers).replace('${input:twilio-token}', connection.token));
  expect(await listTools({ server_url: servers.twilio.url, headers })).toContain(TOOL);
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

/** The body of a curl command. */
const bodyOf = (id: string) => JSON.parse(/-d '(.*)'$/s.exec(snippetOf(id))![1]!);

test("the token that Anthropic's API sends opens the server that the request names", async () => {
  const { mcp_servers, tools } = bodyOf('anthropic-api');
  const [{ url, name, authorization_token }] = mcp_servers;
  expect(tools).toEqual([{ type: 'mcp_toolset', mcp_server_name: name }]);
  const headers = { Authorization: `Bearer ${authorization_token}` };
  expect(await listTools({ server_url: url, headers })).toContain(TOOL);
});

test('the vault of Managed Agents gets the token for the URL that it opens', async () => {
  const { auth } = bodyOf('managed-agents');
  expect(auth.type).toBe('static_bearer');
  const headers = { Authorization: `Bearer ${auth.token}` };
  expect(await listTools({ server_url: auth.mcp_server_url, headers })).toContain(TOOL);
});
