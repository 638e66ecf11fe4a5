import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../../errors';
import { every, type Store } from '../../storage';
import { INBOX_SECONDS, type InboxMessage, inboxOf } from '../../threads/inbox';
import type { ToolContext } from '../../tool';
import { type Assignment, assignmentOf } from './pool';

/** Between two looks into the inbox. */
const LOOK_MS = 500;
/** What is left of a call's time when it stops waiting, for a last look and the answer. */
const MARGIN_MS = 1000;
/** Twilio withheld a one-time code. */
const FILTERED = 30038;

const TIMEOUTS = 'timeouts';
const TIMEOUTS_SECONDS = 86_400;

export interface Wait {
  phone_number: string;
  timeout: number;
  from?: string;
  bodyContains?: string;
  after?: Date;
  token?: string;
}

/** What one call of a wait found: the message, or else the token with which the same wait goes on. */
export interface Waited extends Partial<Omit<InboxMessage, 'retrieved'>> {
  status?: 'pending';
  token?: string;
  remaining_ms?: number;
}

/**
 * Waits for a message as long as this call may last. A wait goes on over several calls: its token holds where it began
 * to look and when it ends, so that what arrives between two calls is found by the next.
 * @throws ToolError when the whole time is over
 */
export async function waitForSms(
  { phone_number, timeout, token, ...wanted }: Wait,
  context: ToolContext,
): Promise<Waited> {
  const { store, deadline } = context;
  const assignment = await assignmentOf(store, phone_number);
  if (assignment === undefined) {
    throw new ToolError(
      `${phone_number} is not assigned, so nothing is waited for. Take a number with get_phone_number first.`,
    );
  }
  const wait = token === undefined ? begin(assignment, timeout, wanted.after) : parse(token);
  const callEnds = deadline - MARGIN_MS;
  for (;;) {
    const now = Date.now();
    const inbox = await inboxOf(store, phone_number, new Date(wait.since).toISOString());
    const found = inbox.find((message) => matches(message, wanted));
    if (found) {
      const { retrieved: _, ...message } = found;
      return message;
    }
    if (now >= wait.until) throw await timedOut(phone_number, wait, context);
    const pause = Math.min(LOOK_MS, wait.until - now);
    if (now + pause >= callEnds) {
      return { status: 'pending', token: `${wait.since}.${wait.until}`, remaining_ms: wait.until - now };
    }
    await sleep(pause);
  }
}

interface Span {
  /** Epoch ms. */
  since: number;
  until: number;
}

/** From the last five minutes on, but never before the number was given to whoever holds it. */
function begin({ assigned_at }: Assignment, timeout: number, after?: Date): Span {
  const now = Date.now();
  // `after` means later than that.
  const asked = after === undefined ? now - INBOX_SECONDS * 1000 : after.getTime() + 1;
  return { since: Math.max(asked, Date.parse(assigned_at)), until: now + timeout };
}

function parse(token: string): Span {
  const [since, until] = token.split('.').map(Number) as [number, number];
  return { since, until };
}

const matches = ({ from, body }: InboxMessage, wanted: Pick<Wait, 'from' | 'bodyContains'>) =>
  (wanted.from === undefined || from === wanted.from) &&
  (wanted.bodyContains === undefined || body.toLowerCase().includes(wanted.bodyContains.toLowerCase()));

async function timedOut(number: string, { since, until }: Span, { store, twilio }: ToolContext): Promise<ToolError> {
  const error = `Wait for SMS failed: Timed out waiting for SMS to ${number}`;
  await store.add(TIMEOUTS, `${until} ${number}`, { phone_number: number }, TIMEOUTS_SECONDS);
  const { instances } = await twilio.messages.page({ to: number, dateSentAfter: new Date(since), pageSize: 20 });
  if (!instances.some(({ errorCode }) => errorCode === FILTERED)) return new ToolError(error);
  return new ToolError(
    `${error}. A one-time code arrived and was filtered by Twilio (error ${FILTERED}): ask for the code by a call or by e-mail instead.`,
  );
}

/** How many waits ended without a message in the last day. */
export async function timeouts(store: Store): Promise<number> {
  let count = 0;
  for await (const _ of every(store, TIMEOUTS)) count++;
  return count;
}
