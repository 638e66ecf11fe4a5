import { keyOf, tokenAfter } from '../../paging';
import type { Store } from '../../storage';
import { type Conversation, HEAD, threadCollection } from '../../threads/conversation';
import { messageOf } from '../../threads/message';
import { type Entry, entriesAfter } from '../../threads/record';

/** A page of long messages ends before this many characters, so that an answer is never cut in the middle. */
const PAGE_CHARACTERS = 30_000;

export interface Messages<T> {
  messages: T[];
  nextPageToken?: string;
}

/** The messages of one page, in time order, each in its furthest state. */
export async function threadPage(
  store: Store,
  conversationId: string,
  { limit, pageToken }: { limit: number; pageToken?: string },
): Promise<Messages<object>> {
  const after = pageToken === undefined ? HEAD : keyOf(pageToken);
  const { items, more } = await store.list<Entry>(threadCollection(conversationId), { after, limit });
  const messages = await Promise.all(items.map(({ value }) => withState(store, value)));
  return fitting(messages, more, (i) => items[i]!.key);
}

/** As many of the messages as fit into an answer; `keyAt` names a message's key for the token of the rest. */
export function fitting<T extends object>(messages: T[], more: boolean, keyAt: (i: number) => string): Messages<T> {
  let size = 0;
  let shown = 0;
  while (shown < messages.length) {
    size += JSON.stringify(messages[shown]).length;
    if (size > PAGE_CHARACTERS && shown > 0) break;
    shown++;
  }
  const rest = more || shown < messages.length;
  return { messages: messages.slice(0, shown), nextPageToken: rest ? tokenAfter(keyAt(shown - 1)) : undefined };
}

async function withState(store: Store, { conversationId: _, ...entry }: Entry): Promise<object> {
  if (entry.direction === 'inbound') return { ...entry, status: 'received' };
  const { status, errorCode, errorMessage } = (await messageOf(store, entry.messageSid)) ?? {};
  return { ...entry, status, errorCode, errorMessage };
}

/** The thread in a sentence, without anyone's words. */
export async function contextOf(store: Store, { conversationId, participants }: Conversation) {
  const entries = await entriesAfter(store, threadCollection(conversationId), '');
  const inbound = entries.filter(({ direction }) => direction === 'inbound').length;
  const [first, last] = [entries[0], entries.at(-1)];
  const span = first && last ? `, from ${first.timestamp} to ${last.timestamp}; the last one is ${last.direction}` : '';
  return {
    summary: `${entries.length} messages between ${participants.join(', ')}: ${inbound} inbound, ${entries.length - inbound} outbound${span}.`,
    lastActivity: last?.timestamp ?? null,
    messageCount: entries.length,
  };
}
