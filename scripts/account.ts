import type { Twilio } from 'twilio';
import { type Config, checkConfig } from '../src/config';
import { openTwilio } from '../src/twilio';
import { usesSandbox } from './local-env';

/*
 * Which account a command works with, said before it does.
 */

/** The name of an account is only for information, so a slow network does not hold a command up. */
const NAME_TIMEOUT_MS = 2000;

/** The settings with the auth token, if it is set, in place of the API key, which often may not read the account itself. */
export const asOwner = (config: Config): Config =>
  config.authToken ? { ...config, apiKey: config.accountSid, apiSecret: config.authToken } : config;

/** A client with these credentials. */
export const openAsOwner = (config: Config, timeoutMs = config.timeoutMs): Twilio =>
  openAccount(asOwner(config), timeoutMs);

/** A client with the API key, as the server uses it. */
export const openAccount = (config: Config, timeoutMs = config.timeoutMs): Twilio =>
  openTwilio(config, { deadline: Date.now() + timeoutMs, effects: { acted: 0 } });

/** What a command does and with which account, in one line, with a warning if it is a real one. */
export async function announce(env: Readonly<Record<string, string>>, action: string): Promise<string> {
  if (usesSandbox(env)) return `Sandbox: nothing is sent to anyone. ${action}`;
  return `LIVE: this account sends and spends: ${await accountTitle(env)}. ${action}`;
}

/** The SID of the account, with its name if the credentials can read it. */
async function accountTitle(env: Readonly<Record<string, string>>): Promise<string> {
  const { config, problems } = checkConfig(env);
  if (problems.length > 0) return config.accountSid ?? 'unknown, as its settings are incomplete';
  try {
    const { friendlyName } = await openAsOwner(config, NAME_TIMEOUT_MS).api.v2010.accounts(config.accountSid).fetch();
    return `${config.accountSid} "${friendlyName}"`;
  } catch {
    return config.accountSid;
  }
}
