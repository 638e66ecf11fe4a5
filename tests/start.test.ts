import { createServer } from 'node:http';
import { freePort, freshClone, startProgram } from './support/clone';
import { callTool, SANDBOX_ENVIRONMENT } from './support/stack';

/*
 * `npm start` in a fresh clone.
 */

jest.setTimeout(60_000);

async function start(folder: string, port: number) {
  const program = startProgram('npm', ['start'], folder, { PORT: String(port) });
  return { ...program, url: `http://localhost:${port}/mcp` };
}

test('without credentials it serves the sandbox, says so in one line and delivers a message', async () => {
  const { folder, remove } = freshClone();
  const { until, output, stop, url } = await start(folder, await freePort());
  try {
    await until(/Nothing is sent/);
    expect(output().match(/.*sandbox.*/gi)).toEqual([
      'No credentials in .env: this is the sandbox, a local stand-in for Twilio. Nothing is sent to anyone.',
    ]);
    expect(output()).toContain(`MCP server: ${url}`);
    const { structured } = await callTool(url, 'twilio_messaging_send_sms', { to: '+14155550100', body: 'Hello' }, '');
    const status = async () =>
      (await callTool(url, 'twilio_messaging_get_message_status', { messageSid: structured.sid }, '')).structured
        .status;
    while ((await status()) !== 'delivered') await new Promise((resolve) => setTimeout(resolve, 100));
  } finally {
    await stop();
    remove();
  }
});

test('with credentials it does not start the sandbox', async () => {
  const { folder, remove } = freshClone(SANDBOX_ENVIRONMENT);
  const { until, output, stop } = await start(folder, await freePort());
  try {
    await until(/MCP server/);
    expect(output()).not.toMatch(/sandbox/i);
  } finally {
    await stop();
    remove();
  }
});

test('with incomplete credentials it names the malformed and missing ones and exits', async () => {
  const { folder, remove } = freshClone({ ACCOUNT_SID: SANDBOX_ENVIRONMENT.ACCOUNT_SID, API_KEY: 'x' });
  const { exited, output } = await start(folder, await freePort());
  expect(await exited).not.toBe(0);
  expect(output()).toMatch(/API_KEY must be a SID: SK and 32 hex digits; API_SECRET is missing/);
  remove();
});

test('on a port in use it exits with advice instead of a question', async () => {
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  const { folder, remove } = freshClone();
  const { exited, output } = await start(folder, port);
  expect(await exited).not.toBe(0);
  expect(output()).toContain(
    `Port ${port} is in use. Stop the program that uses it, or choose another: PORT=${port + 1} npm start`,
  );
  other.close();
  remove();
});

test('it rejects requests from pages of other sites', async () => {
  const { folder, remove } = freshClone();
  const { until, stop, url } = await start(folder, await freePort());
  try {
    await until(/MCP server/);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      body: '{"request":{"headers":{}}}',
    });
    expect([answer.status, await answer.text()]).toEqual([
      403,
      'This server accepts requests from this machine only.\n',
    ]);
    const image = await fetch(new URL('/webhooks/twilio/sms?Body=x', url), {
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(image.status).toBe(403);
  } finally {
    await stop();
    remove();
  }
});
