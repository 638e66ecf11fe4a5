import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, freshClone, program } from './support/clone';
import { run } from './support/run';

/*
 * The README's first steps, as they stand there, and what is generated of the documents.
 */

jest.setTimeout(180_000);

const root = join(__dirname, '..');

test('copied and pasted they lead to a delivered message', async () => {
  const port = String(await freePort());
  const section = readFileSync(join(root, 'README.md'), 'utf8').match(/## Try it\n([\s\S]*?)\n## /)![1]!;
  const [install, send, look] = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) =>
    block!.replaceAll('localhost:3000', `localhost:${port}`),
  );
  // The clone has what the first of the two commands installs.
  const start = install!.split('\n').at(1)!;
  const { folder, remove } = freshClone();
  const server = program('bash', ['-c', `exec ${start}`], folder, { PORT: port });
  try {
    await server.until(new RegExp(`Connect a client: http://localhost:${port}/`));
    const sent = await run('bash', ['-c', send!]);
    expect([sent.code, sent.output]).toEqual([0, expect.stringContaining('"status": "queued"')]);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const seen = await run('bash', ['-c', look!]);
    expect(seen.output).toMatch(/"to": "\+14155550182",\s+"status": "delivered",\s+"body": "Hello from the sandbox"/);
  } finally {
    await server.stop();
    remove();
  }
});

test('every generated file is up to date', async () => {
  const check = await run(process.execPath, ['--import', 'tsx', 'scripts/generate/main.ts', '--check'], { cwd: root });
  expect(check).toEqual({ code: 0, output: '' });
});
