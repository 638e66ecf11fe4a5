import { keyOf, tokenAfter } from '../paging';
import type { Store } from '../store/port';
import { countFitting } from '../truncate';
import { type Conversation, HEADER_KEY, threadCollection } from './conversation';
import { findMessage } from './message';
import { entriesAfter, type ThreadEntry } from './record-message';

/** A page of long messages ends before this many characters of JSON, so that no message of the result is cut. */
const MAX_PAGE_CHARS = 30_000;

interface MessagePage<T> {
  messages: T[];
  nextPageToken?: string;
}

/** One page of a thread, in time order, each message with its latest state. */
export async function threadPage(
  store: Store,
  conversationId: string,
  { limit, pageToken }: { limit: number; pageToken?: string },
): Promise<MessagePage<object>> {
  const after = pageToken === undefined ? HEADER_KEY : keyOf(pageToken);
  const { items, more } = await store.list<ThreadEntry>(threadCollection(conversationId), { after, limit });
  const messages = await Promise.all(items.map(({ value }) => withState(store, value)));
  return fitMessages(messages, more, (i) => items[i]!.key);
}

/** As many messages as fit into a result; `keyAt` returns the key of a message, for the token of the next page. */
export function fitMessages<T extends object>(
  messages: T[],
  more: boolean,
  keyAt: (i: number) => string,
): MessagePage<T> {
  const shown = countFitting(messages, MAX_PAGE_CHARS);
  const hasNext = more || shown < messages.length;
  return { messages: messages.slice(0, shown), nextPageToken: hasNext ? tokenAfter(keyAt(shown - 1)) : undefined };
}

async function withState(store: Store, { conversationId: _, ...entry }: ThreadEntry): Promise<object> {
  if (entry.direction === 'inbound') return { ...entry, status: 'received' };
  const { status, errorCode, errorMessage } = (await findMessage(store, entry.messageSid)) ?? {};
  return { ...entry, status, errorCode, errorMessage };
}

/** A thread in one sentence, without anything its participants wrote. */
export async function summarizeThread(store: Store, { conversationId, participants }: Conversation) {
  const entries = await entriesAfter(store, threadCollection(conversationId), '');
  const inbound = entries.filter(({ direction }) => direction === 'inbound').length;
  const [first, last] = [entries[0], entries.at(-1)];
  const span = first && last ? `, from ${first.timestamp} to ${last.timestamp}; the last one is ${last.direction}` : '';
  return {
    summary: `${entries.length} messages of ${participants.length} participants: ${inbound} inbound, ${entries.length - inbound} outbound${span}.`,
    lastActivity: last?.timestamp ?? null,
    messageCount: entries.length,
  };
}
