import { randomBytes } from 'node:crypto';
import { modify } from '../store/port';
import { checkedBody } from '../store/service';
import { PolicyError } from '../upper-bound';
import type { Action, SafeguardContext } from './safeguard';

/*
 * How many calls are under way, and how long they last. Twilio's list of calls counts, since TwiML, flows and other
 * programs call too; reservations in the store stand for calls that it may not show yet.
 */

const MAKES_CALLS =
  /^(api_v2010:Create(Call|Participant)|studio_v\d:Create(Execution|Engagement)|taskrouter_v1:Update\w+Reservation)$/;
const TAKES_TIME_LIMIT = /^api_v2010:(Create(Call|Participant)|UpdateCall)$/;

/** Sets the time limit of a call, or lowers it. Throws a `PolicyError` for calls that take none. */
export function limitCallTime({ operation, effect, values, request }: Action, max: number, notes: string[]): void {
  if (operation.id.startsWith('taskrouter') && effect === 'send')
    throw new PolicyError({
      rule: 'MCP_MAX_CALL_SECONDS',
      allows: `ends calls after ${max} seconds`,
      problem: 'calls of TaskRouter have no time limit',
    });
  const given = values.TimeLimit ?? [];
  if (!TAKES_TIME_LIMIT.test(operation.id) || (effect !== 'send' && given.length === 0)) return;
  const seconds = given.map(Number).filter((value) => value >= 1 && value <= max);
  request.data = { ...(request.data as object), TimeLimit: Math.min(max, ...seconds) };
  if (seconds.length < given.length) notes.push(`The call ends after ${max} seconds (MCP_MAX_CALL_SECONDS).`);
}

/** Calls that a request is about to make, or has just made. */
interface Reservation {
  readonly id: string;
  /** Epoch ms. */
  readonly until: number;
  /** The call, once it is known, and how many others it dials. */
  readonly sid?: string;
  readonly dials: number;
}

interface ListedCall {
  sid: string;
  direction: string;
  parent_call_sid: string | null;
}

/** How long a reservation stands for calls that are not known, and how long for a call that Twilio's list may lack. */
const UNKNOWN_MS = 60_000;
const LISTED_AFTER_MS = 10_000;
const RESERVATIONS = ['limits-calls', 'calls'] as const;

/** What to tell when a request has ended: the SID of its call, undefined if unknown, or null if there is none. */
type CallEnded = (sid: string | null | undefined) => Promise<unknown>;

/** Reserves the calls that a request makes. Throws a `PolicyError` if there would be more than `max` at a time. */
export async function reserveCalls(action: Action, context: SafeguardContext, max: number): Promise<CallEnded> {
  const isNew = MAKES_CALLS.test(action.operation.id);
  const dials = action.recipients.length - (isNew && action.recipients.length > 0 ? 1 : 0);
  const wanted = dials + (isNew ? 1 : 0);
  if (wanted === 0 || !/^(api_v2010|studio_v\d|taskrouter_v1):(?!CreateMessage)/.test(action.operation.id))
    return async () => {};
  const { store } = context;
  const id = randomBytes(6).toString('base64url');
  const live = await outboundCalls(context);
  const change = (also: (open: readonly Reservation[]) => readonly Reservation[]) =>
    modify<{ open: readonly Reservation[] }>(store, ...RESERVATIONS, (value) => ({
      open: also(
        (value?.open ?? []).filter(({ sid, until }) => until > Date.now() || live.some((call) => call.sid === sid)),
      ),
    }));
  await change((open) => {
    const used = live.length + open.reduce((sum, each) => sum + unlisted(each, live), 0);
    if (used + wanted > max)
      throw new PolicyError(
        {
          rule: 'MCP_MAX_CALLS',
          allows: `allows ${max} call${max === 1 ? '' : 's'} at a time`,
          problem: `${used} ${used === 1 ? 'is' : 'are'} under way`,
        },
        wanted > max ? undefined : 'wait until a call has ended',
      );
    return [...open, { id, until: Date.now() + UNKNOWN_MS, dials: wanted - 1 }];
  });
  return async (sid) => {
    if (sid === undefined) return;
    const others = (open: readonly Reservation[]) => open.filter((each) => each.id !== id);
    await change((open) => [
      ...others(open),
      ...(sid === null ? [] : [{ id, sid, until: Date.now() + LISTED_AFTER_MS, dials }]),
    ]);
  };
}

/** How many calls of a reservation Twilio's list lacks. */
function unlisted({ sid, dials }: Reservation, live: readonly ListedCall[]): number {
  const isListed = live.some((call) => call.sid === sid);
  return (isListed ? 0 : 1) + Math.max(0, dials - live.filter((call) => call.parent_call_sid === (sid ?? '')).length);
}

/** The account's outbound calls that have not ended. Throws a `PolicyError` if there are too many to tell. */
async function outboundCalls({ requests }: SafeguardContext): Promise<readonly ListedCall[]> {
  const uri = `https://api.twilio.com/2010-04-01/Accounts/${requests.accountSid}/Calls.json`;
  const pages = await Promise.all(
    ['queued', 'ringing', 'in-progress'].map(async (Status) => {
      type CallPage = { calls: ListedCall[]; next_page_uri?: string | null };
      return checkedBody<CallPage>(await requests.request({ method: 'get', uri, params: { Status, PageSize: 1000 } }));
    }),
  );
  if (pages.some((page) => page.next_page_uri))
    throw new PolicyError({
      rule: 'MCP_MAX_CALLS',
      allows: 'limits its calls',
      problem: 'more than 1000 are under way',
    });
  return pages.flatMap(({ calls }) => calls).filter(({ direction }) => direction.startsWith('outbound'));
}
