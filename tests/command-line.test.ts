import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { envText } from './support/clone';
import { run } from './support/run';
import { SANDBOX_ENVIRONMENT } from './support/stack';

/*
 * The commands' help, and what they answer to wrong input: one line, exit code 1, no stack trace.
 */

jest.setTimeout(60_000);

const root = join(__dirname, '..');
const FILES = {
  start: 'scripts/start.ts',
  deploy: 'scripts/deploy.ts',
  connect: 'scripts/connect.ts',
  doctor: 'scripts/doctor/main.ts',
  webhooks: 'scripts/webhooks.ts',
  'simulate-sms': 'scripts/simulate-sms.ts',
  'test:live': 'tests/live.ts',
};

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-command-'));
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command with the sandbox in place of Twilio. */
const command = (name: keyof typeof FILES, args: readonly string[] = [], env: Record<string, string> = {}) =>
  run(process.execPath, ['--import', 'tsx', FILES[name], ...args], {
    cwd: root,
    env: {
      ...process.env,
      TWILIO_SANDBOX_URL: sandbox.url,
      NODE_OPTIONS: `--require ${join(root, 'dist/local/sandbox-preload.js')}`,
      ...env,
    },
  });

/** A file with settings, for `--env`. */
function envFile(env: Record<string, string>): string {
  const file = join(folder, 'env');
  writeFileSync(file, envText(env));
  return file;
}

test.each(Object.keys(FILES) as (keyof typeof FILES)[])('%s explains itself', async (name) => {
  const { code, output } = await command(name, ['--help']);
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^npm (run )?${name} -- .*\\n\\n[A-Z][^\\n]{20,}\\n\\n  --`)),
  ]);
  const unknown = await command(name, ['--hlep']);
  expect(unknown).toEqual({
    code: 1,
    output: expect.stringMatching(/^Unknown option --hlep\. Did you mean --help\? See npm .* --help\.\n$/),
  });
});

test.each<[keyof typeof FILES, string[], Record<string, string>, RegExp]>([
  ['start', [], { PORT: 'abc' }, /PORT must be a number from 0 to 65535, not "abc"/],
  ['start', ['now'], {}, /Unexpected argument "now"\. See npm start -- --help/],
  ['doctor', ['--url'], {}, /--url needs a value: --url <url>/],
  ['doctor', ['--env', 'none'], {}, /There is no file none/],
  ['webhooks', ['frob'], {}, /Unknown action "frob"\. Use show, set or restore/],
  ['webhooks', ['set'], {}, /The number is missing\. Example: npm run webhooks -- set \+15551234567/],
  ['webhooks', ['set', '5551234567'], {}, /"5551234567" is not a phone number in E\.164/],
  ['simulate-sms', [], {}, /The text is missing\. Example: npm run simulate-sms/],
  ['simulate-sms', ['--media', 'nonsense'], {}, /"nonsense" is not a URL/],
  ['simulate-sms', ['--from', '555', 'Hi'], {}, /"555" is not a phone number in E\.164/],
])('%s %j %j is answered in one line', async (name, args, env, message) => {
  const { code, output } = await command(name, args, env);
  expect([code, output.trim().split('\n')]).toEqual([1, [expect.stringMatching(message)]]);
});

test('a wrong key and a missing network are explained', async () => {
  const wrongKey = await command('webhooks', ['--env', envFile({ ...SANDBOX_ENVIRONMENT, API_SECRET: 'wrong' })]);
  expect(wrongKey).toEqual({ code: 1, output: expect.stringMatching(/\nTwilio error 20003: .*\n$/) });
  const env = { TWILIO_SANDBOX_URL: 'http://127.0.0.1:9' };
  const offline = await command('webhooks', ['--env', envFile(SANDBOX_ENVIRONMENT)], env);
  expect(offline).toEqual({ code: 1, output: expect.stringMatching(/\nTwilio could not be reached.*\n$/) });
});

test('real credentials are announced', async () => {
  const { code, output } = await command('webhooks', ['--env', envFile(SANDBOX_ENVIRONMENT)]);
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/^LIVE: this account sends and spends: AC\w{32}.*\. Shows the webhooks of its numbers\.\n/),
  ]);
});

test('a closed pipe ends a command quietly', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', FILES.connect, '--help'], { cwd: root });
  child.stdout.destroy();
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect([code, errors]).toEqual([0, '']);
});
