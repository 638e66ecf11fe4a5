import * as z from 'zod';
import { APPROVAL_SETTINGS } from './approval-settings';
import { AUDIT_SETTINGS } from './audit-settings';
import { canonicalAddress, E164 } from './formats';
import { LIMIT_SETTINGS } from './limit-settings';
import { isCountryOrRange } from './numbering-plan';
import {
  booleanVariable,
  httpUrl,
  listSetting,
  phoneNumber,
  publicUrl,
  type Setting,
  separated,
  sidVariable,
  slug,
} from './setting-forms';

/*
 * Every setting of a deployment, as data. `.env.example`, the README's table, the account resource and the messages of
 * `npm run doctor` are made from it: a new setting is one entry here, then `npm run generate`.
 */

const ACCOUNT_INFO = '"Account Info" at https://console.twilio.com';

const ACCOUNT_SETTINGS = {
  ACCOUNT_SID: {
    key: 'accountSid',
    alias: 'TWILIO_ACCOUNT_SID',
    schema: sidVariable('AC'),
    help: 'Account SID (AC…).',
    where: ACCOUNT_INFO,
  },
  API_KEY: {
    key: 'apiKey',
    alias: 'TWILIO_API_KEY',
    schema: sidVariable('SK'),
    help: 'SID of the API key (SK…) that calls Twilio. A restricted key with only the permissions your agents need is safer than a standard one.',
    where: 'https://console.twilio.com/us1/account/keys-credentials/api-keys',
    role: 'credential',
  },
  API_SECRET: {
    key: 'apiSecret',
    alias: 'TWILIO_API_SECRET',
    schema: z.string().min(1),
    help: 'The secret of API_KEY, shown only once, when the key is created.',
    role: 'credential',
  },
  AUTH_TOKEN: {
    key: 'authToken',
    alias: 'TWILIO_AUTH_TOKEN',
    schema: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'must be 32 hex digits')
      .optional(),
    help: 'Signs and checks x-twilio-signature; `npm run deploy` logs in with it. Deployed, the platform provides it.',
    where: ACCOUNT_INFO,
    role: 'credential',
  },
} as const satisfies Record<string, Setting>;

const DEFAULTS_SETTINGS = {
  TWILIO_PHONE_NUMBER: {
    key: 'phoneNumber',
    schema: phoneNumber.optional(),
    help: 'Default sender of messages and calls: a number of the account, E.164. For numbers that agents may take see TWILIO_PHONE_NUMBERS.',
    where: 'Phone Numbers > Active numbers in the Console',
    role: 'default',
  },
  TWILIO_MESSAGING_SERVICE_SID: {
    key: 'messagingServiceSid',
    schema: sidVariable('MG').optional(),
    help: 'SID of the Messaging Service (MG…) that chooses the sender of messages.',
    where: 'Messaging > Services in the Console',
    role: 'default',
  },
  TWILIO_VERIFY_SERVICE_SID: {
    key: 'verifyServiceSid',
    schema: sidVariable('VA').optional(),
    help: 'Verify service SID (VA…).',
    where: 'Verify > Services in the Console',
    role: 'default',
  },
  TWILIO_SYNC_SERVICE_SID: {
    key: 'syncServiceSid',
    schema: sidVariable('IS').optional(),
    help: "Sync service SID (IS…). Default: the account's default Sync service.",
    where: 'Sync > Services in the Console',
    role: 'default',
  },
  TWILIO_TASKROUTER_WORKSPACE_SID: {
    key: 'taskrouterWorkspaceSid',
    schema: sidVariable('WS').optional(),
    help: 'TaskRouter workspace SID (WS…).',
    where: 'TaskRouter > Workspaces in the Console',
    role: 'default',
  },
  TWILIO_STATUS_CALLBACK_URL: {
    key: 'statusCallbackUrl',
    schema: httpUrl.optional(),
    help: 'Receives the states of messages and calls that name no callback of their own, also of messages sent through a Messaging Service with a callback. If this is another server, threads here get no delivery states.',
    role: 'default',
  },
  TWILIO_FALLBACK_URL: {
    key: 'fallbackUrl',
    schema: httpUrl.optional(),
    help: "Fallback TwiML URL, requested if a call's own URL fails.",
    role: 'default',
  },
} as const satisfies Record<string, Setting>;

const THREADS_SETTINGS = {
  WEBHOOK_BASE_URL: {
    key: 'webhookBaseUrl',
    schema: publicUrl.transform((value) => value.replace(/\/+$/, '')).optional(),
    help: "Where Twilio reaches the webhooks, such as https://example.ngrok.app. Default: the deployment's own domain. A local server with a public address accepts only signed requests, so it needs AUTH_TOKEN too.",
  },
  TRACK_MESSAGING_SERVICES: {
    key: 'trackMessagingServices',
    schema: booleanVariable(false),
    help: 'true: states of messages sent through a Messaging Service come to this server instead of to the callback of the service, so that these messages join threads. Default false: the service keeps its callback.',
  },
  AUTO_CREATE_CONVERSATIONS: {
    key: 'autoCreateConversations',
    schema: booleanVariable(true),
    help: 'false: messages are only sent into threads that exist. A convenience, not a guard: agents can open threads, and the service Api sends without one. Default true.',
  },
  CHECK_OPT_OUTS: {
    key: 'checkOptOuts',
    schema: booleanVariable(true),
    help: 'false: messages are sent without checking here whether the recipient has opted out, for accounts that have their own keywords. Twilio still refuses those it blocks; the service Api is never checked here. Default true.',
  },
  ENABLE_MMS: {
    key: 'enableMms',
    schema: booleanVariable(true),
    help: 'false: the messaging tools send no media, and threads store none. Not a guard: other services, such as Conversations and Api, still send it. Default true.',
  },
  TWILIO_PHONE_NUMBERS: {
    key: 'phoneNumbers',
    schema: z
      .string()
      .refine((value) => separated(value).every((item) => E164.test(item)), {
        error: 'must be phone numbers in E.164, separated by commas',
      })
      .transform(separated)
      .default([]),
    help: 'Numbers of the account that agents may take, E.164, separated by commas. Default: none.',
  },
  AGENT_PHONE_AUTO_PROVISION: {
    key: 'autoProvision',
    schema: booleanVariable(false),
    help: 'true: buy a US number if all are taken, which costs money every month. Default false.',
  },
  AGENT_PHONE_MAX_NUMBERS: {
    key: 'maxBoughtNumbers',
    schema: z
      .string()
      .regex(/^\d{1,3}$/, 'must be a number from 0 to 999')
      .transform(Number)
      .default(5),
    help: 'Maximum number of phone numbers bought this way. Not a guard: the services PhoneNumbers and Api buy numbers too. Default 5.',
  },
  STORE: {
    key: 'store',
    schema: z.enum(['sync', 'sqlite'], 'must be sync or sqlite').optional(),
    help: 'sync or sqlite. Default: deployments use Twilio Sync, a local server the SQLite file at DATABASE_PATH.',
  },
  DATABASE_PATH: {
    key: 'databasePath',
    schema: z.string().default('./data/twilio.db'),
    help: 'The SQLite file of a local server. Default ./data/twilio.db.',
  },
} as const satisfies Record<string, Setting>;

const TWILIO_SETTINGS = {
  TWILIO_REGION: {
    key: 'region',
    schema: slug.optional(),
    help: 'us1, ie1, au1 or jp1. API keys and auth tokens belong to one region. Default us1.',
  },
  TWILIO_EDGE: {
    key: 'edge',
    schema: slug.optional(),
    help: 'Network edge, such as ashburn, dublin or sydney. Default: the edge of the region.',
  },
  TWILIO_TIMEOUT: {
    key: 'timeoutMs',
    schema: z
      .string()
      .refine((value) => Number(value) >= 1000 && Number(value) <= 9000, 'must be milliseconds from 1000 to 9000')
      .transform(Number)
      .default(8000),
    help: 'Milliseconds one tool call may take, 1000 to 9000; the platform ends a request at 10 seconds. Default 8000.',
  },
  LOG_LEVEL: {
    key: 'logLevel',
    schema: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
      .default('info'),
    help: 'debug, info, warn, error or silent. The log never contains arguments or contents. Default info.',
  },
} as const satisfies Record<string, Setting>;

const API_SETTINGS = {
  MCP_API_DENY: {
    key: 'apiDeny',
    schema: z
      .string()
      .default('iam,keys,oauth,auth-tokens')
      .transform((names) => names.split(',').map((name) => name.trim()))
      .transform((names) => names.filter(Boolean))
      .refine((names) => names.length > 0, 'must name products, or be none'),
    help: 'Products the tools of the service Api may not use, separated by commas; none allows all. Default iam,keys,oauth,auth-tokens.',
  },
} as const satisfies Record<string, Setting>;

const ACCESS_SETTINGS = {
  MCP_ACCESS_TOKENS: {
    key: 'accessTokens',
    schema: booleanVariable(false),
    help: 'true: clients that cannot send x-twilio-signature connect to /mcp/bearer with an access token from `npm run connect -- --token`. Without a valid token, it answers 401. Default false: 404.',
  },
  MCP_REVOKED: {
    key: 'revoked',
    schema: z.string().default('').transform(separated),
    help: 'Who may no longer connect, separated by commas: clients by their names, in client= of URLs and in access tokens, and single access tokens by their IDs. Takes effect at once, without a deployment. Default: none.',
  },
  MCP_BIND_URL: {
    key: 'bindUrl',
    schema: z
      .enum(['on', 'off'], 'must be on or off')
      .default('on')
      .transform((value) => value === 'on'),
    help: 'off: a deployment believes parameters that neither the signature nor the key of the URL proves, so that who holds any URL can use every tool. A last resort, if npm run doctor says that the platform hides both. Default on.',
  },
  MCP_TRUSTED_SENDERS: {
    key: 'trustedSenders',
    schema: z
      .string()
      .refine((value) => separated(value).every((item) => /^(none|\+\d{2,15}|\d{3,8}|[a-z]+:\S+)$/.test(item)), {
        error: 'must be senders such as +15551234567, 22395 or whatsapp:+15551234567, or be none',
      })
      .transform(separated)
      .optional(),
    help: 'Senders whose messages agents may read, separated by commas, such as +15551234567, 22395 or whatsapp:+15551234567. With none, no sender is trusted. The texts of all others are withheld in every tool. Senders of SMS can be forged. Default: everyone.',
  },
} as const satisfies Record<string, Setting>;

const POLICY_SETTINGS = {
  MCP_ALLOW: {
    key: 'allow',
    schema: listSetting(
      (item) => /^!?\w+$/.test(item),
      'must be services, tools and effects, such as Messaging,Lookups,read',
    ).optional(),
    help: 'The most that any URL may use: services, tools and effects (read, create, update, delete, send, spend, grant), separated by commas, such as Messaging,Lookups,read; with ! in front, what is left out, such as !grant. Naming a service or tool leaves out all others; the same holds for effects, but reading is always allowed. Default: everything.',
    role: 'policy',
  },
  MCP_READONLY: {
    key: 'readOnly',
    schema: booleanVariable(false),
    help: 'true: nothing but reading, whatever the URL says. Default false.',
    role: 'policy',
  },
  MCP_DRY_RUN: {
    key: 'dryRun',
    schema: booleanVariable(false),
    help: 'true: nothing is sent or changed, whatever the URL says; answers show what would be. Default false.',
    role: 'policy',
  },
  MCP_STOP: {
    key: 'stop',
    schema: booleanVariable(false),
    help: 'true: stops everything but reading, at once and without a deployment. Default false.',
    role: 'policy',
  },
  MCP_RECIPIENTS: {
    key: 'recipients',
    schema: listSetting(
      (item) => /^(known|([a-z]+:)?\+\d{1,15}\*?|\d{3,8}|[a-z]+:[^\s*]+|[^\s@:*]+@[^\s@*]+)$/i.test(item),
      'must be recipients such as +15551234567, +4930*, sip:alice@example.com or client:alice, or be known',
      (item) => (/^known$/i.test(item) ? 'known' : canonicalAddress(item)),
    ).optional(),
    help: 'Whom messages, calls and codes may reach, separated by commas: numbers, prefixes such as +4930*, SIP, client and email addresses, whatsapp:+15551234567 for that channel alone; known for everyone who wrote to the account or called it first. Default: everyone.',
    role: 'policy',
  },
  MCP_COUNTRIES: {
    key: 'countries',
    schema: listSetting(
      isCountryOrRange,
      'must be countries such as US,CA or ranges of their own such as +870',
      (item) => item.toUpperCase(),
    ).optional(),
    help: 'Countries that messages, calls and codes may reach, as two letters separated by commas, such as US,CA. Satellite, premium and shared-cost numbers only if their range is named, such as +870 or +1900; recipients without a country, such as SIP addresses, only if MCP_RECIPIENTS names them in full. Default: all.',
    role: 'policy',
  },
  MCP_SENDERS: {
    key: 'senders',
    schema: listSetting(
      (item) => /^[\w+:.@-]+$/.test(item),
      'must be senders such as +15551234567, MG… or whatsapp:+15551234567',
      canonicalAddress,
    ).optional(),
    help: 'Senders of messages and calls, separated by commas: numbers, names, and SIDs of services that choose the sender (MG…, VA…). Default: all.',
    role: 'policy',
  },
  MCP_REPEAT_SECONDS: {
    key: 'repeatSeconds',
    schema: z
      .string()
      .regex(/^(off|\d{1,5})$/i, 'must be seconds, or off')
      .transform((value) => !/^(off|0+)$/i.test(value) && Number(value))
      .optional(),
    help: 'For how many seconds the same message or call to the same person is sent only once, unless an agent repeats it on purpose; 0 or off sends every time. Default 60.',
    role: 'policy',
  },
  MCP_TWIML_HOSTS: {
    key: 'twimlHosts',
    schema: listSetting(
      (item) => /^[a-z\d.-]+(:\d+)?$/i.test(item),
      'must be hosts such as example.com',
      (item) => item.toLowerCase(),
    ).optional(),
    help: "Hosts from which calls and messages may take TwiML, and SIP hosts, separated by commas; the deployment's own is always allowed. Default: all, but with a rule about recipients none.",
    role: 'policy',
  },
  ...AUDIT_SETTINGS,
  ...LIMIT_SETTINGS,
} as const satisfies Record<string, Setting>;

const PLATFORM_SETTINGS = {
  SERVICE_SID: {
    key: 'serviceSid',
    schema: z.string().optional(),
    help: 'The SID of the Functions service (ZS…); set only on the platform.',
    role: 'platform',
  },
  DOMAIN_NAME: {
    key: 'domainName',
    schema: z.string().optional(),
    help: 'The domain of the deployment; on a local server, localhost and the port.',
    role: 'platform',
  },
} as const satisfies Record<string, Setting>;

export const SETTINGS = {
  ...ACCOUNT_SETTINGS,
  ...DEFAULTS_SETTINGS,
  ...THREADS_SETTINGS,
  ...TWILIO_SETTINGS,
  ...API_SETTINGS,
  ...ACCESS_SETTINGS,
  ...POLICY_SETTINGS,
  ...APPROVAL_SETTINGS,
  ...PLATFORM_SETTINGS,
};

/** Sections of `.env.example`, in order; the platform sets the other settings. */
export const SETTING_GROUPS: readonly (readonly [title: string, settings: Record<string, Setting>])[] = [
  ['The account: needed to call Twilio', ACCOUNT_SETTINGS],
  ['Defaults that make arguments of tools optional', DEFAULTS_SETTINGS],
  ['Threads, delivery states, numbers for agents: docs/inbox.md', THREADS_SETTINGS],
  ['How Twilio is called', TWILIO_SETTINGS],
  ['The service Api', API_SETTINGS],
  ['Who may connect', ACCESS_SETTINGS],
  ['What may leave, whatever a URL selects: docs/policy.md', POLICY_SETTINGS],
  ['What a person approves first: docs/policy.md', APPROVAL_SETTINGS],
];

type NamedSetting = Setting & { variable: keyof typeof SETTINGS };

/** `SETTINGS` as a list, each with the name of its variable. */
export const settings = (): readonly NamedSetting[] =>
  Object.entries(SETTINGS).map(([variable, setting]) => ({ variable: variable as keyof typeof SETTINGS, ...setting }));

/** A variable's value in an environment, also under its alias. An empty variable is not set. */
export const valueIn = (environment: Readonly<Record<string, unknown>>, { variable, alias }: NamedSetting): unknown =>
  environment[variable] || (alias && environment[alias]) || undefined;

/** What a setting does, its other name and where its value is found, in sentences. */
export const explainSetting = ({ help, alias, where }: Pick<Setting, 'help' | 'alias' | 'where'>): string =>
  [
    help,
    ...(alias ? [`Also read from ${alias}.`] : []),
    ...(where ? [`See ${where}${where.includes('://') ? '' : '.'}`] : []),
  ].join(' ');
