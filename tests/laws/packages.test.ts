import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apartFrom, law } from './law';

/*
 * Rules for the packages, as docs/decisions/0005-packages.md explains them.
 */

interface LockedPackage {
  version: string;
  resolved?: string;
  integrity?: string;
  engines?: { node?: string };
}

const lock = JSON.parse(readFileSync(join(__dirname, '../../package-lock.json'), 'utf8'));
const packages = Object.entries<LockedPackage>(lock.packages).filter(([path]) => path !== '');

law(
  'every locked package has a hash and an address in the registry',
  'choose a version whose packages for all platforms are published, and lock it again; .npmrc keeps the addresses.',
  () =>
    packages
      .filter(([, { resolved, integrity }]) => !integrity || !resolved?.startsWith('https://registry.npmjs.org/'))
      .map(([path]) => path),
);

/** Whether a range of versions, such as `^20.9.0 || >=22`, contains some version of a major release. */
const includes = (range: string, major: number) =>
  range.split('||').some((part) => {
    const [, operator, first] = /(>=?|\^|~)?\s*v?(\d+)/.exec(part) ?? [];
    if (first === undefined) return true;
    return operator?.startsWith('>') ? Number(first) <= major : Number(first) === major;
  });

/** Only the files of the first are read, and nothing loads what it depends on. */
const READ_ONLY = ['node_modules/@twilio/cli-core', 'node_modules/@octokit/request/node_modules/content-type'];

law('every locked package runs on Node.js 20 and 22', 'choose a version that does, or replace the package.', () =>
  apartFrom(
    READ_ONLY,
    packages
      .filter(([, { engines }]) => [20, 22].some((major) => engines?.node && !includes(engines.node, major)))
      .map(([path, { version, engines }]) => `${path}: ${version} requires ${engines!.node}`),
  ),
);
