import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { envFileText } from './local-env';

/*
 * Serves Functions with twilio-run in a child process, for `npm start`, the tests and the benchmark.
 */

const root = join(__dirname, '..');

export interface LocalOptions {
  /** Default: any free port. */
  port?: number;
  /** The environment of the Functions, instead of `.env`. */
  env?: Readonly<Record<string, string>>;
  /** One process per request, as twilio-run does by default. Otherwise one process for all, like a warm instance. */
  fork?: boolean;
  /** Reloads the Functions on each request. */
  live?: boolean;
  functionsFolder?: string;
  /** Redirects the Functions' requests to Twilio to the sandbox at this URL. */
  sandboxUrl?: string;
  /** Additional files to load before the server. */
  preloads?: readonly string[];
  /** Whether the guard keeps others than this machine out. Default true. */
  guarded?: boolean;
  /** Destination of the server's output; `pipe` collects it in `output`. */
  stdio?: 'inherit' | 'pipe';
}

export interface LocalServer {
  port: number;
  /** `http://localhost:<port>` */
  url: string;
  /** The server's output so far. */
  output: () => string;
  process: ChildProcess;
  close: () => Promise<void>;
}

/** Serves Functions until closed, on this machine only. Throws if the port is in use or the server does not start. */
export async function serveLocally(options: LocalOptions = {}): Promise<LocalServer> {
  const port = await freePort(options.port);
  const folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-'));
  const sandbox = join(root, 'dist/local/sandbox-preload.js');
  const preloads = [
    ...(options.guarded === false ? [] : [join(root, 'dist/local/loopback-guard.js')]),
    ...(options.sandboxUrl ? [sandbox] : []),
    ...(options.preloads ?? []),
  ];
  const sandboxed: Record<string, string> = options.sandboxUrl
    ? { TWILIO_SANDBOX_URL: options.sandboxUrl, NODE_OPTIONS: `--require ${JSON.stringify(sandbox)}` }
    : {};
  // This file is the whole environment of forked children.
  const env: Record<string, string> = { ...options.env, ...sandboxed };
  const envFile = join(folder, 'env');
  writeFileSync(envFile, envFileText(env), { mode: 0o600 });
  // .twilioserverlessrc.cjs overrides flags that equal twilio-run's defaults, so the settings are passed as such a file.
  const configFile = join(folder, 'config.json');
  const { fork = false, live = false, functionsFolder = 'dist/functions' } = options;
  const config = { functionsFolder, assetsFolder: 'dist/assets', commands: { start: { forkProcess: fork, live } } };
  writeFileSync(configFile, JSON.stringify(config));
  const twilioRun = join(dirname(require.resolve('twilio-run/package.json')), 'bin/twilio-run.js');
  const child = spawn(
    process.execPath,
    [
      ...preloads.flatMap((preload) => ['--require', preload]),
      ...[twilioRun, 'start', '--port', String(port), '--env', envFile, '--config', configFile],
    ],
    {
      cwd: root,
      // Without stdin, twilio-run cannot prompt.
      stdio: ['ignore', options.stdio ?? 'pipe', options.stdio ?? 'pipe'],
      // The guard reads WEBHOOK_BASE_URL before twilio-run reads its file.
      env: { ...process.env, ...sandboxed, WEBHOOK_BASE_URL: env.WEBHOOK_BASE_URL ?? '', NODE_OPTIONS: '' },
    },
  );
  // A process that ends before it could close the server does not leave it behind.
  const kill = () => void child.kill('SIGTERM');
  process.once('exit', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    await exited;
    process.off('exit', kill);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await waitUntilListening(port, child);
  } catch (error) {
    await close();
    throw new Error(`${(error as Error).message}\n${output}`);
  }
  return { port, url: `http://localhost:${port}`, output: () => output, process: child, close };
}

/** Returns the port if it is free, or any free port for 0. Throws if it is in use, when twilio-run would prompt. */
export async function freePort(wanted = 0): Promise<number> {
  const { port, release } = await occupyPort(wanted);
  await release();
  return port;
}

/** The error for a port that another program uses. */
export const portInUse = (port: number): Error =>
  new Error(`Port ${port} is in use. Stop the program that uses it, or choose another: PORT=${port + 1} npm start`);

/** Occupies a port, or any free one for 0, until it is released. Throws if it is in use. */
export function occupyPort(port = 0): Promise<{ port: number; release: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const probe = createServer((socket) => socket.destroy());
    probe.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? portInUse(port) : error);
    });
    probe.listen(port, '127.0.0.1', () => {
      const { port: occupied } = probe.address() as { port: number };
      resolve({ port: occupied, release: () => new Promise((released) => probe.close(() => released())) });
    });
  });
}

async function waitUntilListening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`The server exited with code ${child.exitCode}.`);
    if (await isListening(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The server did not start within 30 s.');
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.end());
  });
}
