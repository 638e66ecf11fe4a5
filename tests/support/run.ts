import { type SpawnOptions, spawn } from 'node:child_process';

export interface Ran {
  code: number | null;
  /** What it wrote, to both streams. */
  output: string;
}

/** Runs a program to its end. */
export function run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<Ran> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
