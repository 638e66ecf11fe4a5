import * as z from 'zod';
import { ToolError } from './errors';
import { e164 } from './params';

const sid = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `must be ${prefix} and 32 hex digits`);
const number = e164('Phone number');
const httpsUrl = z.string().regex(/^https?:\/\/\S+$/, 'must be an absolute URL');
const yesOrNo = (otherwise: boolean) =>
  z
    .string()
    .regex(/^(true|false)$/i, 'must be true or false')
    .transform((value) => value.toLowerCase() === 'true')
    .default(otherwise);
const commaList = (value: string) => [...new Set(value.split(/[\s,]+/).filter(Boolean))];
const numbers = z
  .string()
  .refine((value) => commaList(value).every((item) => number.safeParse(item).success), {
    error: 'must be phone numbers in E.164 with commas between them',
  })
  .transform(commaList)
  .default([]);
const label = z.string().regex(/^[a-z0-9-]+$/, 'must be a name such as us1 or dublin');

/** One entry a variable: where it lands in `Config`, and its form. `.env.example` explains each. */
const VARIABLES = {
  ACCOUNT_SID: ['accountSid', sid('AC')],
  API_KEY: ['apiKey', sid('SK')],
  API_SECRET: ['apiSecret', z.string().min(1)],
  AUTH_TOKEN: ['authToken', z.string().min(1).optional()],
  TWILIO_PHONE_NUMBER: ['phoneNumber', number.optional()],
  TWILIO_MESSAGING_SERVICE_SID: ['messagingServiceSid', sid('MG').optional()],
  TWILIO_VERIFY_SERVICE_SID: ['verifyServiceSid', sid('VA').optional()],
  TWILIO_SYNC_SERVICE_SID: ['syncServiceSid', sid('IS').optional()],
  TWILIO_TASKROUTER_WORKSPACE_SID: ['taskrouterWorkspaceSid', sid('WS').optional()],
  TWILIO_STATUS_CALLBACK_URL: ['statusCallbackUrl', httpsUrl.optional()],
  TWILIO_FALLBACK_URL: ['fallbackUrl', httpsUrl.optional()],
  TWILIO_REGION: ['region', label.optional()],
  TWILIO_EDGE: ['edge', label.optional()],
  // Products of the whole API that agents may not use, comma-separated; `none` allows all.
  MCP_API_DENY: [
    'apiDeny',
    z
      .string()
      .default('iam,keys,oauth,auth-tokens')
      .transform((names) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean),
      )
      .refine((names) => names.length > 0, 'must name products, or be none'),
  ],
  TWILIO_TIMEOUT: [
    'timeoutMs',
    z
      .string()
      .refine((value) => Number(value) >= 1000 && Number(value) <= 9000, 'must be milliseconds from 1000 to 9000')
      .transform(Number)
      .optional(),
  ],
  TWILIO_PHONE_NUMBERS: ['phoneNumbers', numbers],
  WEBHOOK_BASE_URL: ['webhookBaseUrl', httpsUrl.transform((value) => value.replace(/\/+$/, '')).optional()],
  AUTO_CREATE_CONVERSATIONS: ['autoCreateConversations', yesOrNo(true)],
  ENABLE_MMS: ['enableMms', yesOrNo(true)],
  STORE: ['store', z.enum(['sync', 'sqlite'], 'must be sync or sqlite').optional()],
  DATABASE_PATH: ['databasePath', z.string().default('./data/twilio.db')],
  AGENT_PHONE_AUTO_PROVISION: ['autoProvision', yesOrNo(false)],
  AGENT_PHONE_MAX_NUMBERS: [
    'maxBoughtNumbers',
    z
      .string()
      .regex(/^\d{1,3}$/, 'must be a number from 0 to 999')
      .transform(Number)
      .default(5),
  ],
  // Given by the platform; locally it is localhost with a port.
  DOMAIN_NAME: ['domainName', z.string().optional()],
} as const satisfies Record<string, readonly [string, z.ZodType]>;

type Variables = typeof VARIABLES;
type Settings = { [V in keyof Variables as Variables[V][0]]: z.output<Variables[V][1]> };

/** The settings of one deployment, checked. */
export type Config = Readonly<Omit<Settings, 'timeoutMs'> & { timeoutMs: number }>;

/** Whether the Functions run on a developer's machine, where no gateway stands in front of them. */
export const isLocal = ({ domainName }: Pick<Config, 'domainName'>): boolean =>
  domainName === undefined || /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(domainName);

/** Where Twilio reaches this deployment's webhooks, without a final slash; undefined where it cannot. */
export const webhookBase = (config: Pick<Config, 'domainName' | 'webhookBaseUrl'>): string | undefined =>
  config.webhookBaseUrl ?? (isLocal(config) ? undefined : `https://${config.domainName}`);

/** The paths of the webhooks in `functions/`. */
export const SMS_WEBHOOK = '/webhooks/twilio/sms';
const STATUS_WEBHOOK = '/webhooks/twilio/status';
export const CODE_WEBHOOK = '/webhook/sms-received';

/** Where the delivery states of messages are told to this deployment; undefined where they cannot be. */
export function statusWebhook(config: Pick<Config, 'domainName' | 'webhookBaseUrl'>): string | undefined {
  const base = webhookBase(config);
  return base && base + STATUS_WEBHOOK;
}

/** The platform ends an execution at 10 s with a 504; what is left of it is for the answer. */
const DEFAULT_TIMEOUT_MS = 8000;

/** A variable that is missing or malformed, and how it must be. Never holds the value. */
export interface Fault {
  variable: string;
  fault: string;
}

/** The settings of an environment as far as they are proper, and what is wrong with the rest. */
export function checkConfig(environment: Record<string, unknown>): { config: Config; faults: Fault[] } {
  const settings: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [variable, [key, schema]] of Object.entries(VARIABLES)) {
    const value = environment[variable] === '' ? undefined : environment[variable];
    const result = schema.safeParse(value);
    if (result.success) settings[key] = result.data;
    else faults.push({ variable, fault: (value === undefined ? 'is missing' : result.error.issues[0]?.message) ?? '' });
  }
  const timeoutMs = (settings.timeoutMs as number | undefined) ?? DEFAULT_TIMEOUT_MS;
  return { config: { ...(settings as Settings), timeoutMs }, faults };
}

/**
 * Reads the settings from a Function's context (or any environment).
 * Throws a `ToolError` that names every missing or malformed variable and never holds a value.
 */
export function readConfig(environment: Record<string, unknown>): Config {
  const { config, faults } = checkConfig(environment);
  if (faults.length > 0) {
    throw new ToolError(
      `Environment validation failed: ${faults.map(({ variable, fault }) => `${variable} ${fault}`).join('; ')}. Set them in .env (locally) or in the Function's environment, and try again.`,
    );
  }
  return config;
}
