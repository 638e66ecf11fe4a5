import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Line } from './losses';

const root = join(__dirname, '../..');

/** All tools while each request takes a second: the sweep that calls them, and the slowest one. */
export async function slowCalls(): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-load-'));
  try {
    const file = join(folder, 'result.json');
    const args = ['jest', '--config', 'jest.sweeps.config.cjs', 'tests/sweeps/slow-twilio.test.ts'];
    const jest = spawn('npx', args, { cwd: root, stdio: 'ignore', env: { ...process.env, LOAD_RESULT: file } });
    const [exitCode] = await once(jest, 'exit');
    const { tools, name, ms } = JSON.parse(readFileSync(file, 'utf8'));
    return [
      {
        scenario: `all ${tools} tools at one second a request`,
        target: 'none beyond 9.5 s, no read without its result or a token',
        measured: `slowest ${(ms / 1000).toFixed(1)} s (${name})`,
        holds: exitCode === 0,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
