import { type SpawnOptions, spawn } from 'node:child_process';

export interface RunResult {
  code: number | null;
  /** stdout and stderr. */
  output: string;
}

/** Runs a program until it exits. Rejects if it cannot be started. */
export function run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<RunResult> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
