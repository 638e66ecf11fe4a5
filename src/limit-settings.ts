import { listSetting } from './setting-forms';

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
} as const;
