import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How people ask for an operation, by its id: phrases in their own words, parted by semicolons. */
export const ASKED: Readonly<Record<string, string>> = Object.assign(
  {},
  ...readdirSync(__dirname)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(__dirname, file), 'utf8'))),
);
