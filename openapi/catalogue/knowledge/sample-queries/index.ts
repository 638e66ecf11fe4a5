import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Queries for an operation, as people would ask for it, by its id. In the files they are separated by semicolons. */
export const SAMPLE_QUERIES = new Map<string, readonly string[]>(
  readdirSync(__dirname)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => Object.entries<string>(JSON.parse(readFileSync(join(__dirname, file), 'utf8'))))
    .map(([id, queries]) => [id, queries.split('; ')]),
);
