import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** The variables of `.env` (or of another such file); empty where there is none. Throws for a named file that is not there. */
export function readEnvFile(file?: string): Record<string, string> {
  const path = file ?? join(__dirname, '../.env');
  if (!existsSync(path) && file === undefined) return {};
  return parseEnv(readFileSync(path, 'utf8')) as Record<string, string>;
}
