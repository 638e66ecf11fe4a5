import { alter, every, type Item, type Store } from '../storage';

/** How long an agent's number keeps what came in, in seconds. */
export const INBOX_SECONDS = 300;

/** A message in the inbox of a number that an agent holds. */
export interface InboxMessage {
  id: string;
  from: string;
  to: string;
  body: string;
  received_at: string;
  /** Set when the notifications webhook has shown it. */
  retrieved?: true;
}

const collectionOf = (number: string) => `inbox-${number}`;

/** How long a message is known to have come in, in seconds, so that its repetition does not bring it back. */
const SEEN_SECONDS = 86_400;

const seenCollection = (id: string) => `seen-${id.slice(-2)}`;

/** Puts a message in, unless it came in before and has had its time; `received_at` stays that of the first delivery. */
export async function putIntoInbox(store: Store, message: InboxMessage): Promise<void> {
  const seen = seenCollection(message.id);
  let { received_at } = message;
  if (!(await store.add(seen, message.id, { received_at, to: message.to }, SEEN_SECONDS))) {
    received_at = (await store.get<{ received_at: string }>(seen, message.id))?.value.received_at ?? received_at;
  }
  const left = INBOX_SECONDS - Math.floor((Date.now() - Date.parse(received_at)) / 1000);
  if (left > 0) await store.add(collectionOf(message.to), message.id, { ...message, received_at }, left);
}

/** What came in at an instant or after it, oldest first. */
export async function inboxOf(store: Store, number: string, since = ''): Promise<InboxMessage[]> {
  return (await itemsOf(store, number)).map(({ value }) => value).filter(({ received_at }) => received_at >= since);
}

/** What came in and was not taken yet, oldest first; each message is handed out once. */
export async function takeFromInbox(store: Store, number: string): Promise<InboxMessage[]> {
  const taken: InboxMessage[] = [];
  for (const { key, value, revision } of await itemsOf(store, number)) {
    if (value.retrieved) continue;
    if (await store.update(collectionOf(number), key, { ...value, retrieved: true }, revision)) taken.push(value);
  }
  return taken;
}

/** Changes a message by its SID alone, or takes it away where `change` is undefined. */
export async function eraseFromInbox(
  store: Store,
  id: string,
  change: ((message: InboxMessage) => InboxMessage) | undefined,
): Promise<void> {
  const to = (await store.get<{ to?: string }>(seenCollection(id), id))?.value.to;
  if (to !== undefined) await alter(store, collectionOf(to), id, change);
}

export async function clearInbox(store: Store, number: string): Promise<void> {
  const items = await itemsOf(store, number);
  await Promise.all(items.map(({ key }) => store.remove(collectionOf(number), key)));
}

async function itemsOf(store: Store, number: string): Promise<Item<InboxMessage>[]> {
  const items: Item<InboxMessage>[] = [];
  for await (const item of every<InboxMessage>(store, collectionOf(number))) items.push(item);
  return items.sort((a, b) => (a.value.received_at < b.value.received_at ? -1 : 1));
}
