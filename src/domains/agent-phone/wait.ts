import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, ToolError } from '../../errors';
import { type Assignment, beginningOf } from '../../threads/holding';
import { INBOX_SECONDS, type InboxMessage, readInbox } from '../../threads/inbox';
import type { ToolContext } from '../../tool';
import { FILTERED, readLog } from './message-log';
import { ONLY_HOLDER, ownHolding, recordWait } from './pool';

/** Pause between two reads of the inbox. */
const POLL_MS = 500;
/** Time of a call reserved for a last read and the result. */
const MARGIN_MS = 1000;
/** A call begins no look after this time: it occupies one of the platform's thirty executions, which webhooks need too. */
const HOLD_MS = 2000;
/** A look that has no answer by then is left to the next call. The last look of a wait may take the whole call. */
const GIVE_UP_MS = 2800;
/** How long an answer waits until it is counted. */
const COUNT_MS = 500;
/** This long before the end of a wait, its calls begin to look into Twilio's log, once each. */
const LOG_MS = 10_000;
/** A wait stays pending this long after its end if its last look fails. */
const GRACE_MS = 10_000;

interface WaitArguments {
  phone_number: string;
  timeout: number;
  from?: string;
  bodyContains?: string;
  after?: Date;
  token?: string;
  pass?: string;
}

/** The form of a token: start and end of the wait, and what proves that this server wrote them for the assignment. */
export const TOKEN = /^\d{13}\.\d{13}\.[\w-]{43}$/;

/** The message, or the token that continues the same wait. */
interface WaitResult extends Partial<Omit<InboxMessage, 'retrieved'>> {
  /** How the message was found, if not by its webhook. */
  note?: string;
  status?: 'pending';
  token?: string;
  remaining_ms?: number;
}

/**
 * Waits for a message for two to three seconds. A wait continues over several calls: its token contains its start and end,
 * so that a message that arrives between two calls is found by the next. A look that fails is left to the next call.
 * Towards its end it also looks into Twilio's log, so that a lost webhook does not lose the message.
 * Throws a `ToolError` when the whole wait is over, or if someone else holds the number.
 */
export async function waitForSms(
  { phone_number, timeout, token, pass, ...wanted }: WaitArguments,
  context: ToolContext,
): Promise<WaitResult> {
  const { store, deadline, client } = context;
  const started = Date.now();
  const callEnds = Math.min(started + HOLD_MS, deadline - MARGIN_MS);
  const look = <T>({ until }: Span, looked: Promise<T>) =>
    attempt(answeredBy(until <= started ? deadline : started + GIVE_UP_MS, looked));
  const own = () => ownHolding(store, phone_number, { pass, client });

  const claimed = token === undefined ? { value: await own(), missing: undefined } : await look(spanOf(token), own());
  if (claimed.missing !== undefined) return postponed(phone_number, spanOf(token!), token!, claimed.missing);
  const holding = claimed.value;
  if (holding === undefined) throw notHeld(phone_number);
  const { secret } = holding.value;
  const wait = token === undefined ? begin(holding.value, timeout, wanted.after) : parse(token, holding.value);

  /** The message, if the number still has the same holder: it may be the next one's. */
  async function deliver({ retrieved: _, ...message }: InboxMessage, note?: string): Promise<WaitResult> {
    const at = Date.parse(message.received_at);
    const counting = recordWait(store, holding!, { at, latency_ms: Math.max(0, Date.now() - at) });
    const counted = await answeredBy(Date.now() + COUNT_MS, counting).catch(() => undefined);
    const { value, missing } = counted ? { value: counted } : await attempt(own().then((item) => item?.value));
    if (missing !== undefined) return postponed(phone_number, wait, seal(wait, secret), missing);
    if (value?.secret !== secret) throw notHeld(phone_number);
    return { ...message, note };
  }

  for (;;) {
    const isOver = Date.now() >= wait.until;
    const inbox = await look(wait, readInbox(store, phone_number, new Date(wait.since).toISOString()));
    const received = inbox.value?.find((message) => matches(message, wanted));
    if (received) return deliver(received);
    const left = Math.max(0, wait.until - Date.now());
    const pause = Math.min(POLL_MS, left);
    const isLast = isOver || Date.now() + pause >= callEnds;
    const usesLog = isLast && left <= LOG_MS && inbox.missing === undefined;
    const log = usesLog ? await look(wait, readLog(context.twilio, phone_number, wait.since)) : undefined;
    const logged = log?.value?.messages.find((message) => matches(message, wanted));
    if (logged) return deliver(logged, "Found in Twilio's log: its webhook has not arrived.");
    const missing = inbox.missing ?? log?.missing;
    if (isOver && missing === undefined) {
      const counting = recordWait(store, holding, { at: wait.until });
      await answeredBy(Date.now() + COUNT_MS, counting).catch(() => undefined);
      throw new ToolError(timedOut(phone_number) + (log?.value?.hasFiltered ? WAS_FILTERED : ''));
    }
    if (isLast) return postponed(phone_number, wait, seal(wait, secret), missing);
    await sleep(pause);
  }
}

/** The answer to continue a wait with. Throws a `ToolError` if it has been over for a while and still cannot look. */
function postponed(number: string, { until }: Span, token: string, missing?: string): WaitResult {
  const left = until - Date.now();
  if (missing === undefined || left > -GRACE_MS) {
    return { status: 'pending', token, remaining_ms: Math.max(0, left) };
  }
  throw new ToolError(
    `${timedOut(number)}, but what arrived last could not be read. ${missing} Call again with the same token to look once more.`,
  );
}

/** The value. Throws a `ToolError` if it is not there by an instant (epoch ms). */
async function answeredBy<T>(end: number, value: Promise<T>): Promise<T> {
  const late = sleep(Math.max(0, end - Date.now()), undefined, { ref: false }).then(() => {
    throw new ToolError('There was no answer in time.');
  });
  return Promise.race([value, late]);
}

interface Span {
  /** Epoch ms. */
  since: number;
  until: number;
}

/** Starts five minutes ago, but never before the current holder got the number. */
function begin(assignment: Assignment, timeout: number, after?: Date): Span {
  const now = Date.now();
  // `after` is exclusive.
  const from = after === undefined ? now - INBOX_SECONDS * 1000 : after.getTime() + 1;
  return { since: Math.max(from, Date.parse(beginningOf(assignment))), until: now + timeout };
}

/** The token of a wait, signed with the secret of the assignment: it cannot be forged, or used for another assignment. */
function seal({ since, until }: Span, secret: string): string {
  const text = `${since}.${until}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function spanOf(token: string): Span {
  const [since, until] = token.split('.').map(Number) as [number, number];
  return { since, until };
}

function parse(token: string, { secret, phone_number }: Assignment): Span {
  const span = spanOf(token);
  if (seal(span, secret) === token) return span;
  throw new ToolError(
    `token: belongs to another wait, not one for ${phone_number} since you got it. Leave it out to begin a wait; nothing was read.`,
  );
}

const notHeld = (number: string) =>
  new ToolError(
    `${number} is not assigned; there is nothing to wait for. Get a number with get_phone_number first. ${ONLY_HOLDER}`,
  );

const matches = ({ from, body }: InboxMessage, wanted: Pick<WaitArguments, 'from' | 'bodyContains'>) =>
  (wanted.from === undefined || from === wanted.from) &&
  (wanted.bodyContains === undefined || body.toLowerCase().includes(wanted.bodyContains.toLowerCase()));

const timedOut = (number: string) => `Wait for SMS failed: Timed out waiting for SMS to ${number}`;

const WAS_FILTERED = `. A one-time code arrived and was filtered by Twilio (error ${FILTERED}): ask for the code by a call or by e-mail instead.`;
