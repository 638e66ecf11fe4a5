import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { signedConnection } from '../src/connect/signed';
import { useGateway } from './support/gateway';
import { run } from './support/run';

/*
 * The samples of docs/signatures.md, run as written against a gateway that admits signed requests only.
 */

jest.setTimeout(60_000);

const root = join(__dirname, '..');

const { gateway } = useGateway();

const samples = (language: string) =>
  [
    ...readFileSync(join(root, 'docs/signatures.md'), 'utf8').matchAll(
      new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'),
    ),
  ].map(([, code]) => code!);

const runSample = (command: string, args: readonly string[]) =>
  run(command, args, {
    cwd: root,
    env: { ...process.env, TWILIO_MCP_ADDRESS: gateway.url, TWILIO_AUTH_TOKEN: SANDBOX_AUTH_TOKEN },
  });
const runModule = (code: string) => runSample(process.execPath, ['--input-type=module', '--eval', code]);

test.each([
  ['JavaScript', () => runModule(samples('js')[0]!)],
  ['Python', () => runSample('python3', ['-c', samples('python')[0]!])],
])('the %s sample lists the tools', async (_language, runs) => {
  const { code, output } = await runs();
  expect([code, output.split('\n')]).toEqual([0, expect.arrayContaining(['twilio_messaging_get_message_logs'])]);
  expect(gateway.requests.every(({ allowed }) => allowed)).toBe(true);
});

test('the package exports the signature', async () => {
  const { code, output } = await runModule(samples('js')[1]!);
  expect(code).toBe(0);
  const { url, headers } = JSON.parse(output);
  const query = 'services=Messaging&services=Voice&tools=twilio_voice_get_call&readonly=true';
  expect(url.replace(/&key=[\w-]{22}$/, '&key=')).toBe(`${gateway.url}/mcp?${query}&key=`);
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });
  const { result } = (await response.json()) as { result: { tools: { name: string }[] } };
  expect(result.tools.map(({ name }) => name)).toEqual(['twilio_voice_get_call']);
});

test('a complete URL keeps what it asks for', async () => {
  const url = 'https://a-1-dev.twil.io/mcp?services=Voice&tools=twilio_voice_get_call&readonly=true';
  const signed = await signedConnection(url, SANDBOX_AUTH_TOKEN);
  expect(signed.url.split('&key=')).toEqual([url, expect.stringMatching(/^[\w-]{22}$/)]);
  await expect(signedConnection('https://a-1-dev.twil.io/other', SANDBOX_AUTH_TOKEN)).rejects.toThrow(/not at \/other/);
});
