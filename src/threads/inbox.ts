import { type Item, modify, type Store } from '../store/port';
import { beginningOf, holdingOf } from './holding';
import type { CompleteMessage } from './message';
import { type ItemPlace, listParts, listRanges, partFor } from './ranges';

/** How long an agent's number keeps inbound messages, in seconds. */
export const INBOX_SECONDS = 300;

/** A message in the inbox of a number that an agent holds. */
export interface InboxMessage {
  id: string;
  from: string;
  to: string;
  body: string;
  /** ISO 8601. */
  received_at: string;
  /** Set once the notifications webhook has returned it. */
  retrieved?: true;
}

/** Collections over which the inbox of one number is spread. A wait reads all of them. */
const SHARDS_OF_INBOX = 2;

const inboxRanges = (number: string) => listParts('inbox', number, SHARDS_OF_INBOX);

/** The collection and key of a message in the inbox of a number. */
export function inboxPlace(number: string, id: string): ItemPlace {
  const { collection, prefix } = partFor(inboxRanges(number), id);
  return [collection, prefix + id];
}

/** A received message as an inbox returns it. */
export const inboxMessage = ({ messageSid, from, to, body, timestamp }: CompleteMessage): InboxMessage => ({
  id: messageSid,
  from,
  to,
  body,
  received_at: timestamp,
});

/** Received messages are remembered for good, as a signed request can be repeated at any time. */
const seenCollection = (id: string) => `seen-${id.slice(-2)}`;

/** Stores a message once; a redelivery keeps the first timestamp and the remaining lifetime. */
export async function addToInbox(store: Store, message: InboxMessage): Promise<void> {
  const seen = seenCollection(message.id);
  let { received_at } = message;
  if (!(await store.add(seen, message.id, { received_at, to: message.to }))) {
    received_at = (await store.get<{ received_at: string }>(seen, message.id))?.value.received_at ?? received_at;
  }
  await keepInInbox(store, { ...message, received_at });
}

/** Stores a message for the rest of its lifetime. `received_at` must be when it first became known. */
export async function keepInInbox(store: Store, message: InboxMessage): Promise<void> {
  const left = INBOX_SECONDS - Math.floor((Date.now() - Date.parse(message.received_at)) / 1000);
  if (left > 0) await store.add(...inboxPlace(message.to, message.id), message, left);
}

/** Messages received at an instant (ISO 8601) or later, oldest first. */
export async function readInbox(store: Store, number: string, since = ''): Promise<InboxMessage[]> {
  const items = await inboxItems(store, number);
  return items.map(({ value }) => value).filter(({ received_at }) => received_at >= since);
}

/**
 * Messages that were not taken before, oldest first; if an agent holds the number, only what arrived since. Each message
 * is returned once.
 */
export async function takeFromInbox(store: Store, number: string): Promise<InboxMessage[]> {
  const taken: InboxMessage[] = [];
  const items = await inboxItems(store, number);
  // Read after the messages: a holder that came in between sees none of them.
  const holding = await holdingOf(store, number);
  const since = holding ? beginningOf(holding.value) : '';
  for (const { key, value, revision } of items) {
    if (value.retrieved || value.received_at < since) continue;
    if (await store.update(...inboxPlace(number, key), { ...value, retrieved: true }, revision)) taken.push(value);
  }
  return taken;
}

/** Changes a message found by its SID, or deletes it if `change` returns undefined. `to` is its number, if that is known. */
export async function changeInInbox(
  store: Store,
  { id, to }: { id: string; to?: string },
  change: (message: InboxMessage) => InboxMessage | undefined,
): Promise<void> {
  const number = to ?? (await store.get<{ to?: string }>(seenCollection(id), id))?.value.to;
  if (number === undefined) return;
  await modify<InboxMessage | undefined>(store, ...inboxPlace(number, id), (message) => message && change(message));
}

/** Deletes the messages that a number has received up to an instant (ISO 8601). */
export async function clearInbox(store: Store, number: string, until: string): Promise<void> {
  const items = (await inboxItems(store, number)).filter(({ value }) => value.received_at <= until);
  await Promise.all(items.map(({ key }) => store.remove(...inboxPlace(number, key))));
}

async function inboxItems(store: Store, number: string): Promise<Item<InboxMessage>[]> {
  const items: Item<InboxMessage>[] = [];
  let more = true;
  while (more) {
    const page = await listRanges<InboxMessage>(store, inboxRanges(number), { after: items.at(-1)?.key });
    items.push(...page.items);
    more = page.more;
  }
  return items.sort((a, b) => (a.value.received_at < b.value.received_at ? -1 : 1));
}
