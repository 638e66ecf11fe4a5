import { type Store, scan } from '../store/port';
import { findConversation, HEADER_KEY, openConversation, threadCollection, threadId } from './conversation';
import { type Message, mergeMessage } from './message';
import { recordChoice } from './opt-outs';

/** Lists the own numbers that have received messages; written once per number. */
const NUMBERS = 'numbers';
/** The list of messages that a number has received, by `entryKey`. */
export const inboundCollection = (number: string) => `inbound-${number}`;

/** A message as stored in a thread: without its delivery state, which keeps changing. */
export type ThreadEntry = Omit<Message, 'status' | 'errorCode' | 'errorMessage'>;

/** The key of a message in a list: sorts by the time it was first seen. */
export const entryKey = ({ timestamp, messageSid }: Pick<Message, 'timestamp' | 'messageSid'>) =>
  `${timestamp}_${messageSid}`;

/**
 * Stores an update of a message and, once sender, recipient and text are known, adds it to its thread. May be repeated
 * with the same update at any time to complete what an interruption left undone.
 */
export async function recordMessage(store: Store, update: Message, mayOpenThread: boolean): Promise<Message> {
  const message = await mergeMessage(store, update);
  const { direction, from, to, body, optOut, messagingServiceSid } = message;
  if (from === undefined || to === undefined || body === undefined) return message;
  const key = entryKey(message);
  const conversationId = await resolveThread(store, message, mayOpenThread);
  const { status: _, errorCode: __, errorMessage: ___, ...content } = message;
  const entry: ThreadEntry = { ...content, conversationId };
  await Promise.all([
    conversationId && store.add(threadCollection(conversationId), key, entry),
    direction === 'inbound' && addInbound(store, to, key, entry),
    optOut && recordChoice(store, { from, to, body, messagingServiceSid }, optOut, message.timestamp),
  ]);
  return { ...message, conversationId };
}

async function resolveThread(store: Store, { from, to, conversationId }: Message, mayOpen: boolean) {
  if (conversationId !== undefined) return conversationId;
  const participants = [from!, to!];
  if (mayOpen) return (await openConversation(store, participants)).conversationId;
  return (await findConversation(store, threadId(participants)))?.conversationId;
}

async function addInbound(store: Store, number: string, key: string, entry: ThreadEntry): Promise<void> {
  const collection = inboundCollection(number);
  if ((await store.get(collection, HEADER_KEY)) === undefined) {
    await store.add(NUMBERS, number, {});
    await store.add(collection, HEADER_KEY, {});
  }
  await store.add(collection, key, entry);
}

/** The own numbers that have received messages. */
export async function inboundNumbers(store: Store): Promise<string[]> {
  const numbers: string[] = [];
  for await (const { key } of scan(store, NUMBERS)) numbers.push(key);
  return numbers;
}

/** Inbound messages after an instant (ISO 8601), newest first, of one own number or of all. */
export async function inboundEntries(store: Store, number: string | undefined, since: string): Promise<ThreadEntry[]> {
  const numbers = number === undefined ? await inboundNumbers(store) : [number];
  const lists = await Promise.all(numbers.map((each) => entriesAfter(store, inboundCollection(each), since)));
  return lists.flat().sort((a, b) => (a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : 0));
}

/** The entries of a collection after an instant (ISO 8601; empty for all), oldest first. */
export async function entriesAfter(store: Store, collection: string, since: string): Promise<ThreadEntry[]> {
  const entries: ThreadEntry[] = [];
  // Keys begin with the instant; `~` sorts after every key of that instant.
  const after = since ? `${since}~` : HEADER_KEY;
  for await (const { value } of scan<ThreadEntry>(store, collection, { after })) entries.push(value);
  return entries;
}
