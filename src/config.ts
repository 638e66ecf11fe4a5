import * as z from 'zod';
import { ToolError } from './errors';

const sid = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `must be ${prefix} and 32 hex digits`);
const number = z.string().regex(/^\+[1-9]\d{1,14}$/, 'must be a phone number in E.164, such as +15551234567');
const httpsUrl = z.string().regex(/^https?:\/\/\S+$/, 'must be an absolute URL');
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
  TWILIO_TIMEOUT: [
    'timeoutMs',
    z
      .string()
      .refine((value) => Number(value) >= 1000 && Number(value) <= 9000, 'must be milliseconds from 1000 to 9000')
      .transform(Number)
      .optional(),
  ],
} as const satisfies Record<string, readonly [string, z.ZodType]>;

type Variables = typeof VARIABLES;
type Settings = { [V in keyof Variables as Variables[V][0]]: z.output<Variables[V][1]> };

/** The settings of one deployment, checked. */
export type Config = Readonly<Omit<Settings, 'timeoutMs'> & { timeoutMs: number }>;

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
