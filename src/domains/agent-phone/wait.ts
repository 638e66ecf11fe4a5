import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../../errors';
import { type Assignment, beginningOf } from '../../threads/holding';
import { INBOX_SECONDS, type InboxMessage, readInbox } from '../../threads/inbox';
import type { ToolContext } from '../../tool';
import { ONLY_HOLDER, ownHolding, recordWait } from './pool';

/** Pause between two reads of the inbox. */
const POLL_MS = 500;
/** Time of a call reserved for a last read and the result. */
const MARGIN_MS = 1000;
/** Twilio's error code for a one-time code that it filtered. */
const FILTERED = 30038;

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
  status?: 'pending';
  token?: string;
  remaining_ms?: number;
}

/**
 * Waits for a message as long as this call may last. A wait continues over several calls: its token contains its start
 * and end, so that a message that arrives between two calls is found by the next.
 * Throws a `ToolError` when the whole wait is over, or if someone else holds the number.
 */
export async function waitForSms(
  { phone_number, timeout, token, pass, ...wanted }: WaitArguments,
  context: ToolContext,
): Promise<WaitResult> {
  const { store, deadline, client } = context;
  const holding = await ownHolding(store, phone_number, { pass, client });
  if (holding === undefined) throw notHeld(phone_number);
  const { secret } = holding.value;
  const wait = token === undefined ? begin(holding.value, timeout, wanted.after) : parse(token, holding.value);
  const callEnds = deadline - MARGIN_MS;
  for (;;) {
    const now = Date.now();
    const inbox = await readInbox(store, phone_number, new Date(wait.since).toISOString());
    const found = inbox.find((message) => matches(message, wanted));
    if (found) {
      const { retrieved: _, ...message } = found;
      const at = Date.parse(message.received_at);
      const counted = recordWait(store, holding, { at, latency_ms: Math.max(0, Date.now() - at) });
      // The message must not be lost because its wait could not be counted, but it may be the next holder's.
      const entry = await counted.catch(async () => (await ownHolding(store, phone_number, { pass, client }))?.value);
      if (entry?.secret !== secret) throw notHeld(phone_number);
      return message;
    }
    if (now >= wait.until) {
      await recordWait(store, holding, { at: wait.until });
      throw await timedOut(phone_number, wait.since, context);
    }
    const pause = Math.min(POLL_MS, wait.until - now);
    if (now + pause >= callEnds) {
      return { status: 'pending', token: seal(wait, secret), remaining_ms: wait.until - now };
    }
    await sleep(pause);
  }
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

function parse(token: string, { secret, phone_number }: Assignment): Span {
  const [since, until] = token.split('.').map(Number) as [number, number];
  if (seal({ since, until }, secret) === token) return { since, until };
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

async function timedOut(number: string, since: number, { twilio }: ToolContext): Promise<ToolError> {
  const error = `Wait for SMS failed: Timed out waiting for SMS to ${number}`;
  const { instances } = await twilio.messages.page({ to: number, dateSentAfter: new Date(since), pageSize: 20 });
  if (!instances.some(({ errorCode }) => errorCode === FILTERED)) return new ToolError(error);
  return new ToolError(
    `${error}. A one-time code arrived and was filtered by Twilio (error ${FILTERED}): ask for the code by a call or by e-mail instead.`,
  );
}
