import * as z from 'zod';
import { booleanVariable, listSetting } from './setting-forms';
import { isTimeZone } from './time';

/*
 * The settings that count or look at the clock.
 */

/** The periods of limits, in milliseconds. Each begins with its minute, hour or day in UTC. */
export const PERIODS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
export type LimitPeriod = keyof typeof PERIODS;

/** How much a deployment allows at most within one period. */
export interface Limit {
  readonly max: number;
  readonly per: LimitPeriod;
}

const rates = () =>
  listSetting<Limit>(
    (item) => /^[1-9]\d{0,8}\/(minute|hour|day)$/.test(item),
    'must be limits such as 10/minute,100/hour,500/day',
    (item) => ({ max: Number.parseInt(item, 10), per: item.replace(/.*\//, '') as LimitPeriod }),
  ).refine((limits) => new Set(limits.map(({ per }) => per)).size === limits.length, {
    error: 'must have one limit for each period at most',
  });

const QUIET_HOURS = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)(?: (\S+))?$/;

const wholeNumber = (max: number, what: string) =>
  z
    .string()
    .refine((value) => /^[1-9]\d*$/.test(value) && Number(value) <= max, `must be ${what}, 1 to ${max}`)
    .transform(Number)
    .optional();

export const LIMIT_SETTINGS = {
  MCP_SEND_LIMITS: {
    key: 'sendLimits',
    schema: rates().optional(),
    help: 'How many messages, calls and codes may leave a minute, an hour and a day (UTC), separated by commas, such as 10/minute,100/hour,500/day. What reaches several people counts once for each. Default: no limit.',
    role: 'policy',
  },
  MCP_RECIPIENT_LIMITS: {
    key: 'recipientLimits',
    schema: rates().optional(),
    help: 'The same for each recipient, such as 2/hour,5/day; a number and its WhatsApp address are one. Requests that do not say whom they reach are refused then. Default: no limit.',
    role: 'policy',
  },
  MCP_SPEND_PER_DAY: {
    key: 'spendPerDay',
    schema: z
      .string()
      .regex(/^\d{1,6}(\.\d{1,2})?$/, 'must be US dollars, such as 20 or 7.50')
      .transform(Number)
      .optional(),
    help: "US dollars that messages, calls and numbers may cost a day (UTC), such as 20, estimated by Twilio's price list. What has no known price is refused then, such as paid lookups, verifications, media, WhatsApp, and calls without timeLimit. Default: no limit.",
    role: 'policy',
  },
  MCP_QUIET_HOURS: {
    key: 'quietHours',
    schema: z
      .string()
      .refine((value) => {
        const [, from, to, zone] = QUIET_HOURS.exec(value.trim()) ?? [];
        return from !== undefined && from !== to && (zone === undefined || isTimeZone(zone));
      }, 'must be hours such as 21:00-08:00, or 21:00-08:00 Europe/Berlin')
      .transform((value) => {
        const [, from, to, timeZone] = QUIET_HOURS.exec(value.trim())!;
        return { from: from!, to: to!, ...(timeZone && { timeZone }) };
      })
      .optional(),
    help: "Hours in which nobody is texted or called, such as 21:00-08:00: by the clock of the recipient's country, in all of its time zones, or of one time zone for everyone, as in 21:00-08:00 America/New_York. Messages scheduled for other hours are accepted. Default: none.",
    role: 'policy',
  },
  MCP_MAX_CALLS: {
    key: 'maxCalls',
    schema: wholeNumber(1000, 'a number of calls'),
    help: 'How many outbound calls of the account may be under way when an agent makes another. Default: no limit.',
    role: 'policy',
  },
  MCP_MAX_CALL_SECONDS: {
    key: 'maxCallSeconds',
    schema: wholeNumber(86_400, 'seconds'),
    help: 'How long calls of agents may last, in seconds, such as 600: the time limit of every call is set or lowered to it. Default: no limit.',
    role: 'policy',
  },
  MCP_TEMPLATES_ONLY: {
    key: 'templatesOnly',
    schema: booleanVariable(false),
    help: 'true: messages consist of a template (contentSid) and nothing else, and agents cannot change templates. Codes of Verify and calls are not affected. Default false.',
    role: 'policy',
  },
} as const;
