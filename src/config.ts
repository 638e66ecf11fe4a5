import type * as z from 'zod';
import { ToolError } from './errors';
import { isLoopback } from './formats';
import { type SETTINGS, settings, valueIn } from './settings';

type Settings = typeof SETTINGS;

/** The settings of one deployment, parsed. */
export type Config = { readonly [V in keyof Settings as Settings[V]['key']]: z.output<Settings[V]['schema']> };

/** Whether the Functions run on a developer's machine, without Twilio's gateway in front of them. */
export const isLocal = ({ domainName }: Pick<Config, 'domainName'>): boolean =>
  domainName === undefined || isLoopback(domainName);

/** The URL below which Twilio reaches this deployment's webhooks, without a final slash; undefined if it cannot. */
export const webhookBase = (config: Pick<Config, 'domainName' | 'webhookBaseUrl'>): string | undefined =>
  config.webhookBaseUrl ?? (isLocal(config) ? undefined : `https://${config.domainName}`);

/** The paths of the webhooks in `functions/`. */
export const SMS_WEBHOOK = '/webhooks/twilio/sms';
export const STATUS_WEBHOOK = '/webhooks/twilio/status';
export const CODE_WEBHOOK = '/webhook/sms-received';

/** The status callback of messages that keeps threads up to date; undefined if Twilio cannot reach this server. */
export function statusWebhook(config: Pick<Config, 'domainName' | 'webhookBaseUrl'>): string | undefined {
  const base = webhookBase(config);
  return base && base + STATUS_WEBHOOK;
}

const KNOWN_SETTINGS = settings();

/** A variable that is missing or malformed. Never contains the value. */
interface SettingProblem {
  variable: keyof Settings;
  /** Follows the variable's name: `is missing`, `must be …`. */
  problem: string;
}

/** Parses an environment. A malformed setting keeps its default, so that a check can continue. */
export function checkConfig(environment: Record<string, unknown>): { config: Config; problems: SettingProblem[] } {
  const config: Record<string, unknown> = {};
  const problems: SettingProblem[] = [];
  for (const setting of KNOWN_SETTINGS) {
    const { variable, key, schema } = setting;
    const value = valueIn(environment, setting);
    const result = schema.safeParse(value);
    config[key] = result.success ? result.data : schema.safeParse(undefined).data;
    if (!result.success) {
      problems.push({
        variable,
        problem: value === undefined ? 'is missing' : (result.error.issues[0]?.message ?? 'is malformed'),
      });
    }
  }
  return { config: config as Config, problems };
}

/** The settings read last: an instance is asked for the same ones with every request. */
let last: { values: readonly unknown[]; config: Config } | undefined;

/**
 * Reads the settings from a Function's context, or any environment.
 * Throws a `ToolError` that names every missing or malformed variable and contains no value.
 */
export function readConfig(environment: Record<string, unknown>): Config {
  const values = KNOWN_SETTINGS.map((setting) => valueIn(environment, setting));
  if (last && values.every((value, at) => value === last!.values[at])) return last.config;
  const { config, problems } = checkConfig(environment);
  if (problems.length > 0) {
    throw new ToolError(
      `Environment validation failed: ${problems.map(({ variable, problem }) => `${variable} ${problem}`).join('; ')}. Set them in .env (locally) or in the Function's environment, and try again.`,
    );
  }
  last = { values, config };
  return config;
}
