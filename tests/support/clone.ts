import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export { freePort } from '../../scripts/serve-functions';

const root = join(__dirname, '../..');

/** The text of an `.env` file. */
export const envText = (env: Record<string, string | undefined>): string =>
  Object.entries(env)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** A temporary copy of the repository, as after `git clone` and `npm ci`, with the given `.env`. `remove` deletes it. */
export function freshClone(env?: Record<string, string>): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-clone-'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.split('\n').filter((name) => name && !name.startsWith('tests/'))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  // `npm ci` also builds.
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  if (env) writeFileSync(join(folder, '.env'), envText(env));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts a program. `until` waits for matching output, and throws if the program exits first; `stop` ends it. */
export function startProgram(command: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    output: () => output,
    exited,
    until: async (pattern: RegExp) => {
      let isOver = false;
      void exited.then(() => (isOver = true));
      while (!pattern.test(output)) {
        if (isOver) throw new Error(`The program exited before it printed ${pattern}:\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    // Ends the process group, which includes its children.
    stop: async (signal: NodeJS.Signals = 'SIGTERM') => {
      if (child.exitCode === null) process.kill(-child.pid!, signal);
      await exited;
    },
  };
}
