import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './support/run';

/*
 * The first steps of the README as written, and the generated files.
 */

jest.setTimeout(180_000);

const root = join(__dirname, '..');
const PORT = '3997';

test('the first steps of the README deliver a message', async () => {
  const section = readFileSync(join(root, 'README.md'), 'utf8').match(/## Try it\n([\s\S]*?)\n## /)![1]!;
  const [install, send, list] = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) =>
    block!.replaceAll('localhost:3000', `localhost:${PORT}`),
  );
  // The first line installs the dependencies, which the tests already have.
  const start = install!.split('\n').at(1)!;
  const server = spawn('bash', ['-c', `exec ${start}`], { cwd: root, detached: true, env: { ...process.env, PORT } });
  try {
    await new Promise<void>((resolve, reject) => {
      server.stdout.on(
        'data',
        (chunk) => String(chunk).includes(`Connect a client: http://localhost:${PORT}/`) && resolve(),
      );
      server.once('exit', () => reject(new Error('The server ended.')));
    });
    const sent = await run('bash', ['-c', send!]);
    expect([sent.code, sent.output]).toEqual([0, expect.stringContaining('"status": "queued"')]);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const listed = await run('bash', ['-c', list!]);
    expect(listed.output).toMatch(/"to": "\+14155550182",\s+"status": "delivered",\s+"body": "Hello from the sandbox"/);
  } finally {
    process.kill(-server.pid!);
  }
});

test('every generated file is up to date', async () => {
  const check = await run(process.execPath, ['--import', 'tsx', 'scripts/generate/main.ts', '--check'], { cwd: root });
  expect(check).toEqual({ code: 0, output: '' });
});
