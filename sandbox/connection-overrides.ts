/*
 * How often and how long Twilio tries to deliver a webhook, which the fragment of its URL can override:
 * `https://example.com/sms#rc=3&rp=5xx,ct`. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */

/** Why an attempt failed, as a retry policy names it: no connection, no response in time, or an error status. */
type FailureClass = 'ct' | 'rt' | '4xx' | '5xx';

const CLASSES: readonly string[] = ['ct', 'rt', '4xx', '5xx'];

/** Defaults and limits of the numbers; the times are milliseconds. */
const RANGES = {
  /** Time to connect. */
  ct: { min: 100, max: 10_000, default: 5000 },
  /** Time without any part of a response. */
  rt: { min: 100, max: 15_000, default: 15_000 },
  /** Time of all attempts together. */
  tt: { min: 100, max: 15_000, default: 15_000 },
  /** Retries after the first attempt. */
  rc: { min: 0, max: 5, default: 1 },
} as const;

type Overrides = Record<keyof typeof RANGES, number> & { rp: readonly string[] };

interface Attempt {
  /** HTTP status; 0 if there was no response. */
  status: number;
  /** Without a response: whether a connection had been made. */
  connected?: boolean;
}

/** A webhook's URL as it is requested and signed, without its fragment, and what the fragment overrides. @throws RangeError */
export function readOverrides(url: string): { target: string; overrides: Overrides } {
  const [target = '', fragment = ''] = url.split('#');
  const given = new URLSearchParams(fragment);
  const numbers = Object.entries(RANGES).map(([name, { min, max, default: fallback }]) => {
    const value = Number(given.get(name) ?? fallback);
    if (!Number.isInteger(value) || value < min || value > max)
      throw new RangeError(`${name} must be from ${min} to ${max}`);
    return [name, value];
  });
  const rp = (given.get('rp') ?? 'ct').split(',');
  if (!rp.every((name) => name === 'all' || CLASSES.includes(name)))
    throw new RangeError('HTTP retry policy is invalid');
  return { target, overrides: { ...Object.fromEntries(numbers), rp } };
}

/**
 * Attempts a delivery until it succeeds, or its overrides end it. Returns the last attempt, which `attempt` makes within
 * the given milliseconds.
 */
export async function deliverWebhook<A extends Attempt>(
  overrides: Overrides,
  attempt: (timeout: number) => Promise<A>,
): Promise<A> {
  const ends = Date.now() + overrides.tt;
  for (let retries = 0; ; retries++) {
    const outcome = await attempt(Math.min(overrides.rt, ends - Date.now()));
    const failure = failureOf(outcome);
    const policy = overrides.rp;
    const isRetried = failure !== undefined && (policy.includes('all') || policy.includes(failure));
    if (!isRetried || retries === overrides.rc || Date.now() >= ends) return outcome;
  }
}

function failureOf({ status, connected }: Attempt): FailureClass | undefined {
  if (status === 0) return connected ? 'rt' : 'ct';
  return status >= 500 ? '5xx' : status >= 400 ? '4xx' : undefined;
}
