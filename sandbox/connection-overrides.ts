/*
 * How often and how long Twilio tries to deliver a webhook, which the fragment of its URL can override:
 * `https://example.com/sms#rc=3&rp=5xx,ct`. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */

/** Why an attempt failed, as a retry policy names it: no connection, no response in time, or an error status. */
const FAILURE_CLASSES = ['ct', 'rt', '4xx', '5xx'] as const;

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

/** A fragment that Twilio does not accept, with the code of its alert. */
export class InvalidOverrides extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The URL that is requested and signed, without its fragment, and what that overrides. @throws InvalidOverrides */
export function readOverrides(url: string): { target: string; overrides: Overrides } {
  const [target = '', fragment = ''] = url.split('#');
  const given = new URLSearchParams(fragment);
  const number = (name: keyof typeof RANGES) => {
    const { min, max, default: fallback } = RANGES[name];
    const value = Number(given.get(name) ?? fallback);
    if (!Number.isInteger(value) || value < min || value > max)
      throw new InvalidOverrides(11100, `Invalid URL format: ${name} must be from ${min} to ${max}`);
    return value;
  };
  const rp = (given.get('rp') ?? 'ct').split(',');
  if (!rp.every((name) => name === 'all' || FAILURE_CLASSES.some((known) => known === name)))
    throw new InvalidOverrides(11243, 'HTTP retry policy is invalid');
  return { target, overrides: { ct: number('ct'), rt: number('rt'), tt: number('tt'), rc: number('rc'), rp } };
}

/**
 * Attempts a delivery until it succeeds or its overrides end it; returns the last attempt. `attempt` gets the milliseconds
 * that it may take.
 */
export async function deliverWebhook<A extends Attempt>(
  { rc, rp, rt, tt }: Overrides,
  attempt: (timeout: number) => Promise<A>,
): Promise<A> {
  const ends = Date.now() + tt;
  for (let retries = 0; ; retries++) {
    const outcome = await attempt(Math.min(rt, ends - Date.now()));
    const failure = failureOf(outcome);
    const isRetried = failure !== undefined && (rp.includes('all') || rp.includes(failure));
    if (!isRetried || retries === rc || Date.now() >= ends) return outcome;
  }
}

function failureOf({ status, connected }: Attempt): (typeof FAILURE_CLASSES)[number] | undefined {
  if (status === 0) return connected ? 'rt' : 'ct';
  return status >= 500 ? '5xx' : status >= 400 ? '4xx' : undefined;
}
