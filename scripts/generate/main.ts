import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { takeScreenshot } from '../screenshot';
import { clientsPage } from './clients';
import { contractFiles } from './contracts';
import { envExample } from './env-example';
import { permissionsPage } from './permissions';
import { readmeWithSections } from './readme';
import { twimlElements } from './twiml-elements';

/*
 * `npm run generate` writes every generated file: docs/tools, docs/clients.md, docs/permissions.md, the generated sections
 * of the README with its picture, .env.example, and the table of TwiML. With `--check` it writes nothing and exits with 1 if a file is out of date.
 */

const root = join(__dirname, '../..');
const CONTRACTS = 'docs/tools';
const PICTURE = 'docs/connect.png';

/** Content of each generated file by path; undefined for a file to delete. */
function generatedFiles(): Map<string, string | undefined> {
  const files = new Map<string, string | undefined>();
  if (existsSync(join(root, CONTRACTS))) {
    for (const file of readdirSync(join(root, CONTRACTS))) files.set(`${CONTRACTS}/${file}`, undefined);
  }
  for (const [file, text] of contractFiles()) files.set(`${CONTRACTS}/${file}`, text);
  files.set('.env.example', envExample());
  files.set('README.md', readmeWithSections(read('README.md')!));
  files.set('docs/clients.md', clientsPage());
  files.set('docs/permissions.md', permissionsPage());
  files.set('src/twiml-elements.json', twimlElements());
  return files;
}

const read = (file: string): string | undefined =>
  existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined;

/** The line of the README that records which state of the page its picture shows. */
const FINGERPRINT = /^<!-- of (\w+) -->$/m;
const fingerprintOf = (readme: string | undefined) => FINGERPRINT.exec(readme ?? '')?.[1];

/** False, with a message, where Chromium is missing: then the README keeps the fingerprint of the old picture. */
async function takesScreenshot(): Promise<boolean> {
  try {
    await takeScreenshot();
    console.log('wrote docs/connect.png');
    return true;
  } catch (error) {
    console.error(
      `docs/connect.png is out of date: install Chromium, or set CHROMIUM to its path, and run again.\n${(error as Error).message.split('\n')[0]}`,
    );
    return false;
  }
}

async function main(): Promise<void> {
  const files = generatedFiles();
  const pictureOutdated =
    fingerprintOf(files.get('README.md')) !== fingerprintOf(read('README.md')) || !existsSync(join(root, PICTURE));
  const outdated = () => [...files].filter(([file, text]) => read(file) !== text);
  if (process.argv.includes('--check')) {
    for (const [file, text] of outdated()) console.error(`${file} is out of date${firstDifference(read(file), text)}`);
    if (pictureOutdated) console.error(`${PICTURE} is out of date.`);
    if (outdated().length === 0 && !pictureOutdated) return;
    console.error('Run `npm run generate` and commit the result.');
    process.exitCode = 1;
    return;
  }
  if (pictureOutdated && !(await takesScreenshot())) {
    files.set(
      'README.md',
      files.get('README.md')!.replace(FINGERPRINT, `<!-- of ${fingerprintOf(read('README.md')) ?? 'no state'} -->`),
    );
    process.exitCode = 1;
  }
  for (const [file, text] of outdated()) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    if (text === undefined) rmSync(path);
    else writeFileSync(path, text);
    console.log(text === undefined ? `deleted ${file}` : `wrote ${file}`);
  }
}

/** The first line that differs, as a reviewer would look for it. */
function firstDifference(before = '', after?: string): string {
  if (after === undefined) return ': it is no longer generated.';
  const [old, current] = [before.split('\n'), after.split('\n')];
  const at = current.findIndex((line, index) => line !== old[index]);
  return at < 0 ? '.' : `, line ${at + 1}:\n  - ${old[at] ?? ''}\n  + ${current[at]}`;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
