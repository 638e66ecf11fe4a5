import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { SANDBOX_ACCOUNT_SID, SANDBOX_API_KEY, SANDBOX_API_SECRET, SANDBOX_AUTH_TOKEN } from '../sandbox/credentials';
import { SEEDS } from '../sandbox/seed';

/*
 * The settings that local commands share: those of `.env`, or those of the sandbox where it has no credentials.
 */

const root = join(__dirname, '..');
/** Where a running `npm start` notes its sandbox, for commands that play the outside world. */
const NOTE = join(root, 'data/sandbox.url');

/** The sandbox's own store; that of an account is never in its place. */
const SANDBOX_STORE = './data/sandbox.db';

type Environment = Record<string, string>;

/** The variables of `.env` (or of another such file); empty where there is none. Throws for a named file that is not there. */
export function readEnvFile(file?: string): Environment {
  const path = file ?? join(root, '.env');
  if (!existsSync(path) && file === undefined) return {};
  return parseEnv(readFileSync(path, 'utf8')) as Environment;
}

export const isSandboxed = (env: Environment): boolean =>
  ['ACCOUNT_SID', 'API_KEY', 'API_SECRET'].every((name) => !env[name]);

/** The sandbox's account, with one number to send from and one for agents, and webhooks at `webhookBase`. */
export const sandboxEnvironment = (env: Environment, webhookBase: string): Environment => ({
  ACCOUNT_SID: SANDBOX_ACCOUNT_SID,
  API_KEY: SANDBOX_API_KEY,
  API_SECRET: SANDBOX_API_SECRET,
  AUTH_TOKEN: SANDBOX_AUTH_TOKEN,
  TWILIO_PHONE_NUMBER: env.TWILIO_PHONE_NUMBER || SEEDS.numbers[0]!,
  TWILIO_PHONE_NUMBERS: env.TWILIO_PHONE_NUMBERS || SEEDS.numbers[1]!,
  DATABASE_PATH: SANDBOX_STORE,
  WEBHOOK_BASE_URL: webhookBase,
});

/** Takes away what an earlier sandbox's messages left in the store. */
export function forgetThreads(): void {
  const file = join(root, SANDBOX_STORE);
  for (const path of [file, `${file}-journal`, `${file}.lock`]) rmSync(path, { recursive: true, force: true });
}

/** Notes where the sandbox is; what it gives takes the note away. */
export function noteSandbox(url: string): () => void {
  mkdirSync(dirname(NOTE), { recursive: true });
  writeFileSync(NOTE, url);
  return () => rmSync(NOTE, { force: true });
}

/** @throws Error where no sandbox runs */
export function notedSandbox(): string {
  if (!existsSync(NOTE))
    throw new Error('No sandbox is running. Start it first, without credentials in .env: npm start');
  return readFileSync(NOTE, 'utf8').trim();
}
