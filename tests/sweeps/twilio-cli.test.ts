import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, freshClone, startProgram } from '../support/clone';
import { post } from '../support/stack';

/*
 * `twilio serverless:start` with the Twilio CLI, which takes long to install.
 */

const CLI = 'twilio-cli@6.2.4';
const PLUGIN = '@twilio-labs/plugin-serverless@3.1.3';

jest.setTimeout(600_000);

test('twilio serverless:start serves the MCP server', async () => {
  const home = mkdtempSync(join(tmpdir(), 'twilio-mcp-cli-'));
  const { folder, remove } = freshClone();
  const install = (prefix: string, name: string) =>
    execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', prefix, name], { cwd: home });
  install(home, CLI);
  install(join(home, 'plugin'), PLUGIN);
  const env = { HOME: home };
  const twilio = join(home, 'node_modules/.bin/twilio');
  const plugin = join(home, 'plugin/node_modules/@twilio-labs/plugin-serverless');
  execFileSync(twilio, ['plugins:link', plugin], { cwd: home, env: { ...process.env, ...env }, stdio: 'ignore' });
  const port = await freePort();
  const server = startProgram(twilio, ['serverless:start', '--port', String(port)], folder, env);
  try {
    await server.until(/\/mcp/);
    const { status, body } = await post(`http://localhost:${port}/mcp`, {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/list',
    });
    expect([status, body.result.tools[0].name]).toEqual([200, 'twilio_messaging_send_sms']);
  } finally {
    await server.stop();
    remove();
    rmSync(home, { recursive: true, force: true });
  }
});
