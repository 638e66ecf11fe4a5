import type * as z from 'zod';
import { ToolError } from './errors';
import { isLoopback, isLoopbackUrl } from './formats';
import { isGuardClosed } from './guard';
import { type SETTINGS, settings, valueIn } from './settings';

type Settings = typeof SETTINGS;

/** The settings of one deployment, parsed. */
export type Config = { readonly [V in keyof Settings as Settings[V]['key']]: z.output<Settings[V]['schema']> };

/** What decides where the Functions run and who can reach them. */
type Location = Pick<Config, 'serviceSid' | 'domainName' | 'webhookBaseUrl'>;

/** Whether the Functions run on Twilio's platform, behind its gateway. A host name would not tell: a tunnel has one too. */
export const isDeployed = ({ serviceSid }: Pick<Config, 'serviceSid'>): boolean => serviceSid !== undefined;

/** Whether only this machine can reach the server: its guard is closed, and it has no public address. */
export const servesThisMachineOnly = (config: Location): boolean =>
  isGuardClosed() &&
  !isDeployed(config) &&
  isLoopback(config.domainName ?? '') &&
  isLoopbackUrl(config.webhookBaseUrl ?? 'http://localhost');

/** The addresses at which clients and Twilio may reach the server, without a final slash. */
export function publicAddresses(config: Location): string[] {
  const { domainName = '', webhookBaseUrl } = config;
  const port = /:\d+$/.exec(domainName)?.[0] ?? '';
  const own = isLoopback(domainName)
    ? [`http://localhost${port}`, `http://127.0.0.1${port}`]
    : [`https://${domainName}`];
  return webhookBaseUrl === undefined ? own : [new URL(webhookBaseUrl).origin, ...own];
}

/** The URL below which Twilio reaches this deployment's webhooks, without a final slash; undefined if it cannot. */
const webhookBase = (config: Location): string | undefined =>
  config.webhookBaseUrl ?? (isDeployed(config) ? `https://${config.domainName}` : undefined);

/**
 * The settings with the credentials for the server's own state: deployed, the account's own, so that a restricted key is
 * enough for the tools. Its auth token is that of the platform's region, us1.
 */
export function ownCredentials(config: Config): Config {
  const { accountSid, authToken, region = 'us1' } = config;
  if (!isDeployed(config) || authToken === undefined || region !== 'us1') return config;
  return { ...config, apiKey: accountSid, apiSecret: authToken };
}

/** The paths of the webhooks in `functions/`. */
export const SMS_WEBHOOK = '/webhooks/twilio/sms';
export const STATUS_WEBHOOK = '/webhooks/twilio/status';
export const CODE_WEBHOOK = '/webhook/sms-received';

/**
 * Connection overrides: Twilio repeats a request up to five times, within 15 s in all, after a failed connection, a 4xx (a
 * busy platform answers 429), a 5xx, or 7 s without an answer. By default it waits the whole 15 s, and repeats only after
 * a failed connection, once. Signatures do not cover them.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
const CONNECTION_OVERRIDES = '#rc=5&rp=all&rt=7000';

/** The URL of a webhook at the address of a server, as Twilio gets it. */
export const webhookAt = (base: string, path: string): string => base + path + CONNECTION_OVERRIDES;

/** The URL of one of this server's webhooks, as Twilio gets it; undefined if Twilio cannot reach this server. */
export function ownWebhook(path: string, config: Location): string | undefined {
  const base = webhookBase(config);
  return base && webhookAt(base, path);
}

/** Whether a URL is that webhook of this server, with any connection overrides or none. */
export function isOwnWebhook(url: string | undefined, path: string, config: Location): boolean {
  const base = webhookBase(config);
  return base !== undefined && url?.replace(/#.*/, '') === base + path;
}

/** The status callback of messages that keeps threads up to date; undefined if Twilio cannot reach this server. */
export const statusWebhook = (config: Location): string | undefined => ownWebhook(STATUS_WEBHOOK, config);

const KNOWN_SETTINGS = settings();

/** A variable that is missing or malformed. Never contains the value. */
interface SettingProblem {
  variable: keyof Settings;
  /** Follows the variable's name: `is missing`, `must be …`. */
  problem: string;
}

/** The settings, and what is wrong with them. */
export interface CheckedConfig {
  config: Config;
  problems: readonly SettingProblem[];
}

/** The settings read last: an instance is asked for the same ones with every request. */
let last: { values: readonly unknown[]; checked: CheckedConfig } | undefined;

/** Parses an environment. A malformed setting keeps its default, so that a check can continue. */
export function checkConfig(environment: Record<string, unknown>): CheckedConfig {
  const values = KNOWN_SETTINGS.map((setting) => valueIn(environment, setting));
  if (last && values.every((value, at) => value === last!.values[at])) return last.checked;
  const config: Record<string, unknown> = {};
  const problems: SettingProblem[] = [];
  for (const [at, { variable, key, schema }] of KNOWN_SETTINGS.entries()) {
    const result = schema.safeParse(values[at]);
    config[key] = result.success ? result.data : schema.safeParse(undefined).data;
    if (!result.success) {
      problems.push({
        variable,
        problem: values[at] === undefined ? 'is missing' : (result.error.issues[0]?.message ?? 'is malformed'),
      });
    }
  }
  last = { values, checked: { config: config as Config, problems } };
  return last.checked;
}

/** The settings of a Function's context, or of any environment. Throws as `requireComplete` does. */
export const readConfig = (environment: Record<string, unknown>): Config => requireComplete(checkConfig(environment));

/** Throws a `ToolError` that names every missing or malformed variable and contains no value. */
export function requireComplete({ config, problems }: CheckedConfig): Config {
  if (problems.length > 0) {
    throw new ToolError(
      `Environment validation failed: ${problems.map(({ variable, problem }) => `${variable} ${problem}`).join('; ')}. Set them in .env (locally) or in the Function's environment, and try again.`,
    );
  }
  return config;
}
