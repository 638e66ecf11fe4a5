import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { MCPServerStreamableHttp } from '@openai/agents';
import { run } from './support/run';
import { type Stack, startStack } from './support/stack';

/*
 * Real clients against the Functions on twilio-run: in one process, like a warm instance, and with a process per request,
 * like a cold start each time.
 */

const SEND = 'twilio_messaging_send_sms';
const ARGUMENTS = { to: '+15005550006', body: 'Hello' };
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';

jest.setTimeout(180_000);

describe.each([
  ['one process', false],
  ['a process per request', true],
])('with %s', (_label, fork) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ fork });
  });
  afterAll(() => stack.close());

  const url = () => new URL(`${stack.url}?services=Messaging&services=Voice`);
  const isSent = expect.objectContaining({ sid: expect.stringMatching(/^SM/), status: 'queued', to: ARGUMENTS.to });

  test('the 1.x SDK client calls tools', async () => {
    const client = new LegacyClient({ name: 'test', version: '1.0.0' });
    await client.connect(new LegacyTransport(url()));
    expect(client.getServerVersion()).toMatchObject({ name: 'twilio' });
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain(SEND);
    expect((await client.callTool({ name: SEND, arguments: ARGUMENTS })).structuredContent).toEqual(isSent);
    await client.close();
  });

  test.each(['legacy', 'auto', { pin: '2026-07-28' }] as const)('the 2.x SDK client calls tools, %j', async (mode) => {
    const client = new ModernClient({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
    await client.connect(new ModernTransport(url()));
    expect(client.getNegotiatedProtocolVersion()).toBe(mode === 'legacy' ? '2025-11-25' : '2026-07-28');
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain(SEND);
    expect((await client.callTool({ name: SEND, arguments: ARGUMENTS })).structuredContent).toEqual(isSent);
    await client.close();
  });

  test('the OpenAI Agents SDK calls tools', async () => {
    const server = new MCPServerStreamableHttp({ url: url().href, name: 'twilio' });
    await server.connect();
    expect((await server.listTools()).map(({ name }) => name)).toContain(SEND);
    const [content] = await server.callTool(SEND, ARGUMENTS);
    expect(JSON.parse((content as unknown as { text: string }).text)).toEqual(isSent);
    await server.close();
  });

  test.each(['legacy', 'modern'])('the Inspector calls tools, %s', async (era) => {
    const inspect = `mcp-inspector --cli '${url().href}' --transport http --protocol-era ${era}`;
    const list = await runWithInspector(`${inspect} --method tools/list --strict`);
    expect([list.code, list.output.match(/\d+ errors?, \d+ warnings?/)?.[0] ?? '']).toEqual([0, '']);
    expect(list.output).toContain(SEND);
    const call = await runWithInspector(
      `${inspect} --method tools/call --tool-name ${SEND} --tool-args-json '${JSON.stringify(ARGUMENTS)}'`,
    );
    expect(call.code).toBe(0);
    expect(call.output).toMatch(/"sid": "SM[0-9a-f]{32}"/);
  });
});

/** Runs a command with the Inspector in the path, on the Node version that it needs. */
const runWithInspector = (command: string) => run('npx', ['-y', '-p', 'node@22', '-p', INSPECTOR, '-c', command]);
