import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort, freshClone, startProgram } from './support/clone';
import { run } from './support/run';

/*
 * The first steps of the README as written, and the generated files.
 */

jest.setTimeout(180_000);

const root = join(__dirname, '..');

test('the first steps of the README deliver a message', async () => {
  const port = String(await freePort());
  const section = readFileSync(join(root, 'README.md'), 'utf8').match(/## Try it\n([\s\S]*?)\n## /)![1]!;
  const [install, send, list] = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) =>
    block!.replaceAll('localhost:3000', `localhost:${port}`),
  );
  // The clone already has what the first line installs.
  const start = install!.split('\n').at(1)!;
  const { folder, remove } = freshClone();
  const server = startProgram('bash', ['-c', `exec ${start}`], folder, { PORT: port });
  try {
    await server.until(new RegExp(`Connect a client: http://localhost:${port}/`));
    const sent = await run('bash', ['-c', send!]);
    expect([sent.code, sent.output]).toEqual([0, expect.stringContaining('"status": "queued"')]);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const listed = await run('bash', ['-c', list!]);
    expect(listed.output).toMatch(/"to": "\+14155550182",\s+"status": "delivered",\s+"body": "Hello from the sandbox"/);
  } finally {
    await server.stop();
    remove();
  }
});

test('every generated file is up to date', async () => {
  const check = await run(process.execPath, ['--import', 'tsx', 'scripts/generate/main.ts', '--check'], { cwd: root });
  expect(check).toEqual({ code: 0, output: '' });
});

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\d _-]/gu, '')
    .replaceAll(' ', '-');

test('every link between documents leads to a file and a heading', () => {
  const files = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const textOf = (file: string) => readFileSync(join(root, file), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  const broken = files.flatMap((file) =>
    [...textOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^(https?|mailto):/.test(link))
      .filter((link) => {
        const [path, anchor] = link.split('#') as [string, string?];
        const target = path === '' ? file : join(dirname(file), path);
        if (anchor === undefined || !existsSync(join(root, target))) return !existsSync(join(root, target));
        const headings = [...textOf(target).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));
        return !headings.includes(anchor);
      })
      .map((link) => `${file}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test('the README names every file for people who contribute or report', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  for (const file of [
    'AGENTS.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'docs/clients.md',
    'docs/permissions.md',
  ])
    expect(readme).toContain(`](${file})`);
});
