import { rmSync } from 'node:fs';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { readConfig, SMS_WEBHOOK, webhookAt } from '../src/config';
import { announce } from './account';
import { buildIfChanged } from './build';
import { ENV_OPTION, startCommand } from './command';
import {
  deleteSandboxStore,
  readEnvFile,
  recordSandboxUrl,
  runningSandbox,
  sandboxEnvironment,
  sandboxFiles,
  usesSandbox,
} from './local-env';
import { occupyPort, portInUse, serveLocally } from './serve-functions';
import { watchSources } from './watch';

/*
 * `npm start` serves the Functions on this machine. They call Twilio if `.env` has credentials, otherwise the sandbox,
 * whose account outlives the server: `--fresh` begins with a new one. `--dev` rebuilds and reloads on change.
 */

const PARENT_POLL_MS = 250;

/** The port to serve. Throws if PORT is not one. */
function chosenPort(text = process.env.PORT || '3000'): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`PORT must be a number from 0 to 65535, not "${text}".`);
  return port;
}

/** The sandbox with the account of the server at `port`. */
async function openSandbox(port: number, fresh = false): Promise<Sandbox> {
  const inUse = await runningSandbox(String(port)).catch(() => undefined);
  // A server that is starting leaves the port to its Functions, which take it a moment later.
  if (inUse) throw portInUse(port);
  const { account } = sandboxFiles(port);
  if (fresh) rmSync(account, { force: true });
  const sandbox = await startSandbox({
    smsUrl: webhookAt(`http://localhost:${port}`, SMS_WEBHOOK),
    history: true,
    file: account,
  });
  // A new account does not know the messages in the store of an earlier one.
  if (!sandbox.restored) deleteSandboxStore(port);
  for (const notice of sandbox.notices) console.error(notice);
  return sandbox;
}

/** Closes what was started. */
const closing: (() => unknown)[] = [];

const closeAll = () => Promise.allSettled(closing.splice(0).map((step) => step()));

async function runServer({ dev, fresh, env: file }: { dev?: boolean; fresh?: boolean; env?: string }): Promise<void> {
  const stop = () => void closeAll().then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  if (process.env.npm_lifecycle_event) stopWithParent(stop);

  const env = readEnvFile(file);
  const sandboxed = usesSandbox(env);
  if (!sandboxed) readConfig(env);
  // The port is the lock on its files: nothing is read or written before it is this server's.
  const { port, release } = await occupyPort(chosenPort());
  const sandbox = sandboxed ? await openSandbox(port, fresh) : undefined;
  if (sandbox) closing.push(() => sandbox.close(), recordSandboxUrl(port, sandbox.url));
  const announcement = announce(env, 'Agents that connect can use it.');
  await buildIfChanged();
  if (dev) closing.push(await watchSources());
  await release();
  const server = await serveLocally({
    port,
    env: sandbox ? { ...env, ...sandboxEnvironment(env, port) } : env,
    sandboxUrl: sandbox?.url,
    live: dev,
    stdio: 'inherit',
  });
  closing.push(() => server.close());
  console.log(`\nMCP server: ${server.url}/mcp\nConnect a client: ${server.url}/`);
  if (sandbox)
    console.log('No credentials in .env: this is the sandbox, a local stand-in for Twilio. Nothing is sent to anyone.');
  else console.log(await announcement);
  server.process.once('exit', stop);
}

/** npm passes signals to the shell between it and this process, which does not pass them on. */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_POLL_MS);
  timer.unref();
}

void startCommand({
  name: process.env.npm_lifecycle_event === 'dev' ? 'dev' : 'start',
  summary:
    'Serves the MCP server on this machine, on PORT (default 3000): for the account of .env, or for the sandbox if .env has no credentials.',
  options: {
    dev: { type: 'boolean', help: 'rebuilds on change, as npm run dev; a build with errors leaves the last good one' },
    fresh: { type: 'boolean', help: 'begins with a new account of the sandbox' },
    ...ENV_OPTION,
  },
  run: async (options) => {
    try {
      await runServer(options);
    } catch (error) {
      await closeAll();
      throw error;
    }
  },
});
