import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/*
 * twilio-run as a child process: how `npm start`, the tests and the bench serve Functions.
 */

const root = join(__dirname, '..');

export interface LocalOptions {
  /** Without one, any free port. */
  port?: number;
  /** What the Functions see as their environment, in place of `.env`. */
  env?: Readonly<Record<string, string>>;
  /** A process for each request, as twilio-run does by default; otherwise all in one, as a warm instance. */
  fork?: boolean;
  /** Loads Functions anew on each request. */
  live?: boolean;
  functionsFolder?: string;
  /** Sends what the Functions send to Twilio to a sandbox at this URL. */
  sandboxUrl?: string;
  /** Further files to load before the server. */
  preloads?: readonly string[];
  /** Where the server's output goes; `pipe` keeps it in `output`. */
  stdio?: 'inherit' | 'pipe';
}

export interface LocalServer {
  port: number;
  /** `http://localhost:<port>` */
  url: string;
  /** What the server has written so far. */
  output: () => string;
  process: ChildProcess;
  close: () => Promise<void>;
}

/** Serves Functions until closed, on this machine only. Throws where the port is taken or the server does not come up. */
export async function serveLocally(options: LocalOptions = {}): Promise<LocalServer> {
  const port = await freePort(options.port);
  const folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-'));
  const sandbox = join(root, 'dist/local/sandbox-preload.js');
  const preloads = [
    join(root, 'dist/local/loopback-guard.js'),
    ...(options.sandboxUrl ? [sandbox] : []),
    ...(options.preloads ?? []),
  ];
  const sandboxed = options.sandboxUrl
    ? { TWILIO_SANDBOX_URL: options.sandboxUrl, NODE_OPTIONS: `--require ${JSON.stringify(sandbox)}` }
    : {};
  // Forked children see this file as their environment, and nothing else.
  const env = { ...options.env, ...sandboxed };
  const envFile = join(folder, 'env');
  writeFileSync(
    envFile,
    Object.entries(env)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
    { mode: 0o600 },
  );
  // A flag that says what twilio-run would do anyway loses to .twilioserverlessrc, so the settings come as such a file.
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
      // Without an input it cannot ask anything.
      stdio: ['ignore', options.stdio ?? 'pipe', options.stdio ?? 'pipe'],
      env: { ...process.env, ...sandboxed, NODE_OPTIONS: '' },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answering(port, child);
  } catch (error) {
    await close();
    throw new Error(`${(error as Error).message}\n${output}`);
  }
  return { port, url: `http://localhost:${port}`, output: () => output, process: child, close };
}

/** The port itself where it is free, any free one for 0. Throws where it is taken: twilio-run would ask a person. */
export function freePort(port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is in use. Stop what uses it, or choose another: PORT=${port + 1} npm start`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error);
    });
    probe.listen(port, '127.0.0.1', () => {
      const { port: chosen } = probe.address() as { port: number };
      probe.close(() => resolve(chosen));
    });
  });
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`The server ended with exit code ${child.exitCode}.`);
    if (await accepts(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The server did not come up within 30 s.');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.end());
  });
}
