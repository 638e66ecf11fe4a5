import { type Store, scan } from '../store/port';
import { ensureOpen, isThreadOpen, threadId, threadRange } from './conversation';
import { inboxMessage, keepInInbox } from './inbox';
import { remember, remembers } from './memory';
import {
  addMessage,
  type CompleteMessage,
  changeMessage,
  entryKey,
  type Message,
  merge,
  mergeMessage,
} from './message';
import { recordChoice } from './opt-outs';
import { type ItemPlace, type KeyRange, listParts, partFor } from './ranges';

/** Lists the own numbers that have received messages; written once per number. */
const NUMBERS = 'numbers';

/** Collections over which the messages of one number are spread, as it may receive more than one accepts. */
const SHARDS_OF_NUMBER = 4;

/** Where the messages that a number has received are. */
export const inboundRanges = (number: string): KeyRange[] => listParts('inbound', number, SHARDS_OF_NUMBER);

/** A message as stored in a thread: without its delivery state, which keeps changing. */
export type ThreadEntry = Omit<Message, 'status' | 'errorCode' | 'errorMessage' | 'created' | 'filed'>;

/** Where a message with a sender and a recipient is listed, if it is in these threads. */
export function placesOf(message: Message & { to: string }, conversationIds: readonly string[]): ItemPlace[] {
  const { messageSid, direction, to } = message;
  const ranges = conversationIds.map(threadRange);
  if (direction === 'inbound') ranges.push(partFor(inboundRanges(to), messageSid));
  return ranges.map(({ collection, prefix }) => [collection, prefix + entryKey(message)]);
}

const isComplete = (message: Message): message is CompleteMessage =>
  message.from !== undefined && message.to !== undefined && message.body !== undefined;

/**
 * Stores an update of a message and, once sender, recipient and text are known, adds it to its thread. May be repeated
 * with the same update at any time to complete what an interruption left undone.
 */
export async function recordMessage(store: Store, update: Message, mayOpenThread: boolean): Promise<Message> {
  // First: an inbound message is listed under the time at which it became known.
  const message = await mergeMessage(store, update);
  if (!isComplete(message)) return message;
  return { ...message, conversationId: await fileMessage(store, message, mayOpenThread) };
}

/** The same for a message that was just received, which also joins the inbox of its number. */
export async function recordReceived(store: Store, received: CompleteMessage, mayOpenThread: boolean): Promise<void> {
  const message = { ...received, ...(await mergeMessage(store, received)) } as CompleteMessage;
  await Promise.all([fileMessage(store, message, mayOpenThread), keepInInbox(store, inboxMessage(message))]);
}

/** The same for a message that was just sent, in fewer steps. */
export async function recordSent(store: Store, sent: Message, mayOpenThread: boolean): Promise<Message> {
  const { from, to, conversationId } = sent;
  // Its delivery state may come first, and know nothing of a thread that was chosen for it.
  const chosen = conversationId !== undefined && conversationId !== threadId([from ?? '', to ?? '']);
  if (chosen || !isComplete(sent)) return recordMessage(store, sent, mayOpenThread);
  const [added, filedIn] = await Promise.all([addMessage(store, sent), fileMessage(store, sent, mayOpenThread)]);
  if (!added) await changeMessage(store, sent.messageSid, (known) => merge(known, sent));
  return { ...sent, conversationId: filedIn };
}

/**
 * Stores a delivery state. A message that is not in its thread yet is added; `readText` completes one whose text is not
 * stored, and may return undefined.
 */
export async function recordState(
  store: Store,
  update: Message,
  mayOpenThread: boolean,
  readText: () => Promise<Message | undefined>,
): Promise<void> {
  let unread: unknown;
  await changeMessage(store, update.messageSid, async (known) => {
    const changed = merge(known, update);
    const reading = changed.body === undefined ? readText() : undefined;
    const text = await reading?.catch((error: unknown) => {
      unread = error;
      return undefined;
    });
    const message = text ? { ...merge(changed, text), timestamp: text.timestamp } : changed;
    if (message.filed || !isComplete(message)) return message;
    return { ...message, conversationId: await fileMessage(store, message, mayOpenThread), filed: true };
  });
  // The state is stored all the same; a repetition reads the text.
  if (unread !== undefined) throw unread;
}

/** Adds a message to its thread and to the lists it belongs to, all at once. Returns the ID of the thread. */
async function fileMessage(
  store: Store,
  message: CompleteMessage,
  mayOpenThread: boolean,
): Promise<string | undefined> {
  const { direction, from, to, body, optOut, messagingServiceSid } = message;
  const pair = threadId([from, to]);
  const conversationId =
    message.conversationId ?? (mayOpenThread || (await isThreadOpen(store, pair)) ? pair : undefined);
  const { messageSid, media, timestamp } = message;
  const about = { messageSid, direction, from, to, body, media, timestamp, conversationId };
  const entry: ThreadEntry = { ...about, optOut, messagingServiceSid };
  // Kept under the thread's keys even while it is not open: that is where messages of one sender are found.
  const places = placesOf(message, [conversationId ?? pair]);
  const opens = conversationId === pair && mayOpenThread;
  await Promise.all([
    opens && ensureOpen(store, [from, to]),
    ...places.map((place) => store.add(...place, entry)),
    direction === 'inbound' && ensureListed(store, to),
    optOut && recordChoice(store, { from, to, body, messagingServiceSid }, optOut, message.timestamp),
  ]);
  // The writes may have met another store than the one that was remembered.
  if (opens) await ensureOpen(store, [from, to]);
  if (direction === 'inbound') await ensureListed(store, to);
  return conversationId;
}

/** Lists a number that has received a message, unless this instance has seen it there. */
async function ensureListed(store: Store, number: string): Promise<void> {
  if (remembers(store, NUMBERS, number)) return;
  // One read tells an instance of its other numbers too.
  const { items } = await store.list(NUMBERS, { after: number.slice(0, -1) || undefined });
  for (const { key } of items) remember(store, NUMBERS, key);
  if (remembers(store, NUMBERS, number)) return;
  await store.add(NUMBERS, number, {});
  remember(store, NUMBERS, number);
}

/** The own numbers that have received messages. */
export async function inboundNumbers(store: Store): Promise<string[]> {
  const numbers: string[] = [];
  for await (const { key } of scan(store, NUMBERS)) numbers.push(key);
  return numbers;
}
