import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startSandbox } from '../sandbox/server';
import { freePort, freshClone, startProgram } from './support/clone';
import { callTool, SANDBOX_ENVIRONMENT } from './support/stack';

/*
 * `npm start` in a fresh clone.
 */

// A start takes ten times as long on a busy machine.
jest.setTimeout(240_000);

async function start(folder: string, port: number, ...args: string[]) {
  const program = startProgram('npm', ['start', ...args], folder, { PORT: String(port) });
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

test('with credentials it says that the account is real, and does not start the sandbox', async () => {
  const twilio = await startSandbox();
  const { folder, remove } = freshClone(SANDBOX_ENVIRONMENT);
  const { until, output, stop } = startProgram('npm', ['start'], folder, {
    PORT: String(await freePort()),
    TWILIO_SANDBOX_URL: twilio.url,
    NODE_OPTIONS: `--require ${join(folder, 'dist/local/sandbox-preload.js')}`,
  });
  try {
    await until(/LIVE: this account sends and spends: AC\w{32} ".+"\. Agents that connect can use it\./);
    expect(output()).not.toContain('Nothing is sent');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  } finally {
    await stop();
    await twilio.close();
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
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, `data/sandbox-${port}.json`), 'of the other program');
  const { exited, output } = await start(folder, port);
  expect(await exited).not.toBe(0);
  expect(output()).toContain(
    `Port ${port} is in use. Stop the program that uses it, or choose another: PORT=${port + 1} npm start`,
  );
  expect(readdirSync(join(folder, 'data'))).toEqual([`sandbox-${port}.json`]);
  other.close();
  remove();
});

test('on the port of a server that is just starting it touches nothing', async () => {
  const port = await freePort();
  const sandbox = await startSandbox();
  const { folder, remove } = freshClone();
  mkdirSync(join(folder, 'data'));
  const files = { [`sandbox-${port}.json`]: 'its account', [`sandbox-${port}.url`]: sandbox.url };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, 'data', name), content);
  const { exited, output } = await start(folder, port, '--', '--fresh');
  expect(await exited).not.toBe(0);
  expect(output()).toContain(`Port ${port} is in use.`);
  for (const [name, content] of Object.entries(files))
    expect(readFileSync(join(folder, 'data', name), 'utf8')).toBe(content);
  await sandbox.close();
  remove();
});

test('PORT must be a port', async () => {
  const { folder, remove } = freshClone();
  const { exited, output } = startProgram('npm', ['start'], folder, { PORT: 'abc' });
  expect(await exited).not.toBe(0);
  expect(output()).toContain('PORT must be a number from 0 to 65535, not "abc".');
  remove();
});

test('the account and the threads outlive the server, and --fresh begins with a new account', async () => {
  const { folder, remove } = freshClone();
  const port = await freePort();
  const to = '+14155550100';
  const bodies = async (url: string) => {
    const log = await callTool(url, 'twilio_messaging_get_message_logs', { to }, '');
    const threads = await callTool(url, 'twilio_inbox_list_conversations', { participant: to }, 'services=Inbox');
    return [log, threads].map(({ structured }) => structured.items.length);
  };
  try {
    const first = await start(folder, port);
    await first.until(/Nothing is sent/);
    const before = await bodies(first.url);
    await callTool(first.url, 'twilio_messaging_send_sms', { to, body: 'Kept' }, '');
    const after = await bodies(first.url);
    expect(after[0]).toBe(before[0]! + 1);
    expect(after[1]).toBe(1);
    await first.stop();
    const second = await start(folder, port);
    await second.until(/Nothing is sent/);
    expect(await bodies(second.url)).toEqual(after);
    await callTool(second.url, 'twilio_messaging_send_sms', { to, body: 'Before the power cut' }, '');
    const account = join(folder, 'data', `sandbox-${port}.json`);
    while (!readFileSync(account, 'utf8').includes('Before the power cut')) await new Promise((r) => setTimeout(r, 20));
    await second.stop('SIGKILL');
    const restarted = await start(folder, port);
    await restarted.until(/Nothing is sent/);
    expect(await bodies(restarted.url)).toEqual([after[0]! + 1, after[1]]);
    await restarted.stop();
    const third = await start(folder, port, '--', '--fresh');
    await third.until(/Nothing is sent/);
    expect(await bodies(third.url)).toEqual([before[0], 0]);
    await third.stop();
  } finally {
    remove();
  }
});

test('two servers have their own accounts, and the end of one leaves the other alone', async () => {
  const { folder, remove } = freshClone();
  const ports = [await freePort(), await freePort()] as const;
  const first = await start(folder, ports[0]);
  await first.until(/Nothing is sent/);
  const second = await start(folder, ports[1]);
  try {
    await second.until(/Nothing is sent/);
    const text = (env: object) =>
      promisify(execFile)('npm', ['run', '--silent', 'simulate-sms', '--', 'Only here'], {
        cwd: folder,
        env: { ...process.env, ...env },
      });
    await expect(text({ PORT: '' })).rejects.toMatchObject({ stderr: expect.stringContaining('Choose with PORT=') });
    const { stdout } = await text({ PORT: String(ports[0]) });
    expect(stdout).toContain('arrived');
    const inbound = async ({ url }: { url: string }) =>
      (await callTool(url, 'twilio_messaging_get_message_logs', { bodyContains: 'Only here' }, '')).structured.items
        .length;
    expect([await inbound(first), await inbound(second)]).toEqual([1, 0]);
    await second.stop();
    expect((await text({ PORT: '' })).stdout).toContain('arrived');
  } finally {
    await first.stop();
    remove();
  }
});

test.each(['start', 'dev'])('SIGTERM to npm stops everything that `npm run %s` started', async (script) => {
  const { folder, remove } = freshClone();
  const port = await freePort();
  const npm = spawn('npm', ['run', script], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    // A process group of its own, by which its descendants are found.
    detached: true,
  });
  // A process that has ended stays in the list until its parent takes notice.
  const children = () =>
    execFileSync('ps', ['-eo', 'pgid,pid,stat'], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([group, , state]) => Number(group) === npm.pid && !state!.startsWith('Z'))
      .map(([, pid]) => Number(pid));
  try {
    await new Promise<void>((resolve) => npm.stdout.on('data', (text) => /Nothing is sent/.test(text) && resolve()));
    expect(children().length).toBeGreaterThan(2);
    npm.kill('SIGTERM');
    const waited = Date.now();
    while (children().length > 0 && Date.now() - waited < 30_000) await new Promise((r) => setTimeout(r, 100));
    expect(children()).toEqual([]);
    await expect(freePort(port)).resolves.toBe(port);
    expect(readdirSync(join(folder, 'data'))).not.toContain(`sandbox-${port}.url`);
  } finally {
    for (const pid of children()) process.kill(pid, 'SIGKILL');
    remove();
  }
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
