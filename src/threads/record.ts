import { every, type Store } from '../storage';
import { findConversation, HEAD, openConversation, threadCollection, threadId } from './conversation';
import { learn, type Message } from './message';

/** An own number that has received messages is listed here; written once a number. */
const NUMBERS = 'numbers';
export const inboundCollection = (number: string) => `inbound-${number}`;

/**
 * Stores what was learned of a message and, once both ends and the text are known, puts it into its thread. Can be
 * repeated with the same news at any time: what an interruption left undone is done then.
 */
export async function record(store: Store, news: Message, mayOpenThread: boolean): Promise<Message> {
  const message = await learn(store, news);
  const { messageSid, timestamp, direction, from, to, body } = message;
  if (from === undefined || to === undefined || body === undefined) return message;
  const key = `${timestamp}_${messageSid}`;
  const conversationId = await threadOf(store, message, mayOpenThread);
  // The state is not among the copies, for it goes on changing.
  const { status: _, errorCode: __, errorMessage: ___, ...content } = message;
  const entry = { ...content, conversationId };
  await Promise.all([
    conversationId && store.add(threadCollection(conversationId), key, entry),
    direction === 'inbound' && addInbound(store, to, key, entry),
  ]);
  return { ...message, conversationId };
}

async function threadOf(store: Store, { from, to, conversationId }: Message, mayOpen: boolean) {
  if (conversationId !== undefined) return conversationId;
  const pair = [from!, to!];
  if (mayOpen) return (await openConversation(store, pair)).conversationId;
  return (await findConversation(store, threadId(pair)))?.conversationId;
}

async function addInbound(store: Store, number: string, key: string, entry: object): Promise<void> {
  const collection = inboundCollection(number);
  if ((await store.get(collection, HEAD)) === undefined) {
    await store.add(NUMBERS, number, {});
    await store.add(collection, HEAD, {});
  }
  await store.add(collection, key, entry);
}

/** A message as it stands in a thread: what never changes of it. */
export type Entry = Omit<Message, 'status' | 'errorCode' | 'errorMessage'>;

/** The entries of inbound messages after an instant, newest first, of one own number or of all. */
export async function inboundEntries(store: Store, number: string | undefined, since: string): Promise<Entry[]> {
  const numbers = [];
  if (number !== undefined) numbers.push(number);
  else for await (const { key } of every(store, NUMBERS)) numbers.push(key);
  const lists = await Promise.all(numbers.map((each) => entriesAfter(store, inboundCollection(each), since)));
  return lists.flat().sort((a, b) => (a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : 0));
}

/** The entries of one collection after an instant, oldest first. */
export async function entriesAfter(store: Store, collection: string, since: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  // Keys begin with the instant; `~` sorts after whatever follows it.
  for await (const { value } of every<Entry>(store, collection, { after: since ? `${since}~` : HEAD }))
    entries.push(value);
  return entries;
}
