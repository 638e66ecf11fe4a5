import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds once before the tests, so that they never run a stale build. Throws with the build's output if it fails. */
export default function build(): void {
  const root = join(__dirname, '../..');
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
