/** Queues of waiting calls: how calls join and leave them. */
import { rfc2822 } from '../dates';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { Lifecycle, SandboxState } from '../types';
import { liveOf } from './live-calls';
import { ACCOUNTS_PATH } from './phone';

const QUEUES = `${ACCOUNTS_PATH}/{}/Queues`;

/** How many calls a queue takes, unless its request says so. */
export const DEFAULT_MAX_SIZE = 1000;

/** The calls that wait in a queue, the first to be connected first. */
export const membersOf = ({ store }: SandboxState, { collection, id }: StoredResource): StoredResource[] =>
  store.list(`${collection}/${id}/Members`);

/** The queue with a SID or name; undefined before a call is put into it. */
export function findQueue(accountSid: unknown, name: string, { store }: SandboxState): StoredResource | undefined {
  const queues = store.list(`${ACCOUNTS_PATH}/${accountSid}/Queues`);
  return queues.find(({ id, body }) => id === name || body.friendly_name === name);
}

/** Puts a call into a queue, which is created if it does not exist. Returns why if that is impossible. */
export function joinQueue(
  call: StoredResource,
  name: string,
  at: number,
  state: SandboxState,
): Record<string, string> | undefined {
  const accountSid = String(call.body.account_sid);
  const queue = findQueue(accountSid, name, state) ?? createQueue(accountSid, name, at, state);
  if (membersOf(state, queue).length >= Number(queue.body.max_size)) {
    return { QueueResult: 'queue-full', QueueSid: queue.id };
  }
  seedResource(state, {
    fetchOperation: 'api_v2010:FetchMember',
    params: { AccountSid: accountSid, QueueSid: queue.id },
    known: { sid: call.id, call_sid: call.id, queue_sid: queue.id, date_enqueued: rfc2822(new Date(at)) },
    at,
  });
  liveOf(call)!.queueSid = queue.id;
  return undefined;
}

function createQueue(accountSid: string, name: string, at: number, state: SandboxState): StoredResource {
  return seedResource(state, {
    fetchOperation: 'api_v2010:FetchQueue',
    params: { AccountSid: accountSid },
    known: { sid: newSid('QU'), friendly_name: name, max_size: DEFAULT_MAX_SIZE },
    at,
  });
}

/** Takes a call out of its queue. Returns what the action of its <Enqueue> gets; undefined for a call in no queue. */
export function leaveQueue(call: StoredResource, at: number, { store }: SandboxState) {
  const live = liveOf(call)!;
  const { queueSid } = live;
  const collection = `${ACCOUNTS_PATH}/${call.body.account_sid}/Queues/${queueSid}/Members`;
  const member = store.get(collection, call.id);
  if (!queueSid || !member) return undefined;
  live.queueSid = undefined;
  store.remove(collection, call.id);
  return { QueueSid: queueSid, QueueTime: String(waitedSeconds(member, at)) };
}

const waitedSeconds = ({ createdAt }: StoredResource, at: number): number =>
  Math.max(0, Math.round((at - createdAt) / 1000));

const countCalls: Lifecycle = (queue, now, state) => {
  const waits = membersOf(state, queue).map((member) => waitedSeconds(member, now));
  const total = waits.reduce((sum, seconds) => sum + seconds, 0);
  queue.body.current_size = waits.length;
  queue.body.average_wait_time = waits.length > 0 ? Math.round(total / waits.length) : 0;
};

const placeMember: Lifecycle = (member, now, { store }) => {
  const before = store.list(member.collection).findIndex(({ id }) => id === member.id);
  Object.assign(member.body, { position: before + 1, wait_time: waitedSeconds(member, now) });
};

export const QUEUE_LIFECYCLES: Record<string, Lifecycle> = {
  [QUEUES]: countCalls,
  [`${QUEUES}/{}/Members`]: placeMember,
};
