import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { SANDBOX_ACCOUNT_SID, SANDBOX_API_KEY, SANDBOX_API_SECRET, SANDBOX_AUTH_TOKEN } from '../sandbox/credentials';
import { SEEDS } from '../sandbox/seed';
import { settings, valueIn } from '../src/settings';

/*
 * The settings that local commands share: those of `.env`, or the sandbox's if `.env` has no credentials.
 */

const root = join(__dirname, '..');
/** Contains the URL of the sandbox while `npm start` runs one, so that other commands find it. */
const SANDBOX_URL_FILE = join(root, 'data/sandbox.url');
/** The sandbox's store, separate from the store of an account. */
const SANDBOX_STORE = './data/sandbox.db';

type EnvVariables = Record<string, string>;

/**
 * The variables of `.env`, or none if it does not exist; those under Twilio's usual names also under ours. Throws if
 * another file is named and does not exist.
 */
export function readEnvFile(file?: string): EnvVariables {
  const path = file ?? join(root, '.env');
  if (existsSync(path)) return withOwnNames(parseEnv(readFileSync(path, 'utf8')) as EnvVariables);
  if (file !== undefined) throw new Error(`There is no file ${file}.`);
  return {};
}

/** An environment in which a variable that is only set under its alias is set under its own name too. */
export function withOwnNames(env: Readonly<Record<string, string | undefined>>): EnvVariables {
  const own = settings().map((setting) => [setting.variable, valueIn(env, setting)]);
  return { ...env, ...Object.fromEntries(own.filter(([, value]) => value !== undefined)) };
}

/** The text of an environment file for twilio-run. */
export const envFileText = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');

/** Whether none of the credentials is set; with some of them, the setup is broken. */
export const usesSandbox = (env: EnvVariables): boolean =>
  ['ACCOUNT_SID', 'API_KEY', 'API_SECRET'].every((name) => !env[name]);

/** The sandbox's account, with one number to send from, one for agents, and webhooks at `webhookBase`. */
export const sandboxEnvironment = (env: EnvVariables, webhookBase: string): EnvVariables => ({
  ACCOUNT_SID: SANDBOX_ACCOUNT_SID,
  API_KEY: SANDBOX_API_KEY,
  API_SECRET: SANDBOX_API_SECRET,
  AUTH_TOKEN: SANDBOX_AUTH_TOKEN,
  TWILIO_PHONE_NUMBER: env.TWILIO_PHONE_NUMBER || SEEDS.numbers[0]!,
  TWILIO_PHONE_NUMBERS: env.TWILIO_PHONE_NUMBERS || SEEDS.numbers[1]!,
  DATABASE_PATH: SANDBOX_STORE,
  WEBHOOK_BASE_URL: webhookBase,
});

/** Deletes the store of an earlier sandbox. */
export function deleteSandboxStore(): void {
  const file = join(root, SANDBOX_STORE);
  for (const path of [file, `${file}-journal`, `${file}.lock`]) rmSync(path, { recursive: true, force: true });
}

/** Records the URL of the running sandbox. Returns a function that deletes the record. */
export function recordSandboxUrl(url: string): () => void {
  mkdirSync(dirname(SANDBOX_URL_FILE), { recursive: true });
  writeFileSync(SANDBOX_URL_FILE, url);
  return () => rmSync(SANDBOX_URL_FILE, { force: true });
}

/** The URL of the running sandbox. Throws if none runs. */
export function runningSandboxUrl(): string {
  if (!existsSync(SANDBOX_URL_FILE))
    throw new Error('No sandbox is running. Start it first, without credentials in .env: npm start');
  return readFileSync(SANDBOX_URL_FILE, 'utf8').trim();
}
