import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { SANDBOX_ACCOUNT_SID, SANDBOX_API_KEY, SANDBOX_API_SECRET, SANDBOX_AUTH_TOKEN } from '../sandbox/credentials';
import { SEEDS } from '../sandbox/seed';
import { settings, valueIn } from '../src/settings';

/*
 * The settings that local commands share: those of `.env`, or the sandbox's if `.env` has no credentials.
 */

const root = join(__dirname, '..');
/** Where local servers keep state. Each sandbox has files of its own, named after the port that its server listens on. */
const DATA = join(root, 'data');

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

/** The files of the sandbox that belongs to the server at a port. */
export function sandboxFiles(port: number) {
  const file = (extension: string) => join(DATA, `sandbox-${port}.${extension}`);
  return {
    /** The account and everything in it. */
    account: file('json'),
    /** What the MCP server stores, separate from the store of a real account. */
    store: file('db'),
    /** The URL of the sandbox while it runs, so that other commands find it. */
    url: file('url'),
  };
}

/** The sandbox's account, with one number to send from, one for agents, and webhooks to the server at `port`. */
export const sandboxEnvironment = (
  env: EnvVariables,
  port: number,
  webhookBase = `http://localhost:${port}`,
): EnvVariables => ({
  ACCOUNT_SID: SANDBOX_ACCOUNT_SID,
  API_KEY: SANDBOX_API_KEY,
  API_SECRET: SANDBOX_API_SECRET,
  AUTH_TOKEN: SANDBOX_AUTH_TOKEN,
  TWILIO_PHONE_NUMBER: env.TWILIO_PHONE_NUMBER || SEEDS.numbers[0]!,
  TWILIO_PHONE_NUMBERS: env.TWILIO_PHONE_NUMBERS || SEEDS.numbers[1]!,
  DATABASE_PATH: sandboxFiles(port).store,
  WEBHOOK_BASE_URL: webhookBase,
});

/** Deletes what the MCP server stored for an earlier account of the sandbox at this port. */
export function deleteSandboxStore(port: number): void {
  const { store } = sandboxFiles(port);
  for (const path of [store, `${store}-journal`, `${store}.lock`, `${store}.pid`])
    rmSync(path, { recursive: true, force: true });
}

/** Records the URL of the sandbox of the server at `port`. Returns a function that deletes the record. */
export function recordSandboxUrl(port: number, url: string): () => void {
  const { url: file } = sandboxFiles(port);
  mkdirSync(DATA, { recursive: true });
  writeFileSync(file, url);
  return () => rmSync(file, { force: true });
}

/**
 * The sandbox of the running server and that server's port: of PORT if it is set, else of the only one.
 * @throws Error if none runs, or several and PORT does not choose
 */
export async function runningSandbox(chosen = process.env.PORT): Promise<{ port: number; url: string }> {
  const running: { port: number; url: string }[] = [];
  for (const name of existsSync(DATA) ? readdirSync(DATA) : []) {
    const port = /^sandbox-(\d+)\.url$/.exec(name)?.[1];
    if (!port || (chosen && chosen !== port)) continue;
    const url = readFileSync(join(DATA, name), 'utf8').trim();
    // A server that was killed left its record behind.
    const answers = await fetch(`${url}/_sandbox/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) running.push({ port: Number(port), url });
  }
  const [found] = running;
  if (!found)
    throw new Error(
      `No sandbox is running${chosen ? ` for port ${chosen}` : ''}. Start it first, without credentials in .env: npm start`,
    );
  if (running.length > 1)
    throw new Error(`Several servers run, on ports ${running.map(({ port }) => port).join(', ')}. Choose with PORT=….`);
  return found;
}

/** Sends the requests of this process to the running sandbox, and puts its account into the environment. */
export async function enterSandbox(env: EnvVariables): Promise<void> {
  const { port, url } = await runningSandbox();
  process.env.TWILIO_SANDBOX_URL = url;
  await import('../sandbox/preload');
  Object.assign(env, sandboxEnvironment(env, port, env.WEBHOOK_BASE_URL || undefined));
}
