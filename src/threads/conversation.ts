import { createHash } from 'node:crypto';
import { ToolError } from '../errors';
import { modify, type Store } from '../store/port';

/** A thread: its participants. Its messages are items of their own. */
export interface Conversation {
  conversationId: string;
  /** Sorted. */
  participants: string[];
  /** ISO 8601. */
  createdAt: string;
  metadata?: Record<string, unknown>;
}

/** Lists every thread; written once per thread. */
export const CONVERSATIONS = 'conversations';
/** The key of a thread's own entry. It sorts before the messages, whose keys begin with a date. */
export const HEADER_KEY = '!';

/** The collection of a thread's messages and header. */
export const threadCollection = (conversationId: string) => `thread-${conversationId}`;

/**
 * The ID of the participants' thread, in either direction: a UUID derived from their sorted numbers, so that two
 * Functions that open the same thread at once open one.
 */
export function threadId(participants: readonly string[]): string {
  const hash = createHash('sha256').update(sorted(participants).join('|')).digest('hex');
  // UUID version 8: content defined by the application (RFC 9562).
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}

const sorted = (participants: readonly string[]) => [...new Set(participants)].sort();

/** The thread with this ID, or undefined. */
export async function findConversation(store: Store, conversationId: string): Promise<Conversation | undefined> {
  return (await store.get<Conversation>(threadCollection(conversationId), HEADER_KEY))?.value;
}

/** Throws a `ToolError` if there is no such thread; `consequence` completes the sentence after "not found". */
export async function getConversation(store: Store, conversationId: string, consequence = ''): Promise<Conversation> {
  const found = await findConversation(store, conversationId);
  if (found === undefined) throw new ToolError(`Conversation ${conversationId} not found${consequence}`);
  return found;
}

/** Finds or opens the thread of these participants. Metadata replaces that of an existing thread. */
export function openConversation(
  store: Store,
  participants: readonly string[],
  metadata?: Record<string, unknown>,
): Promise<Conversation> {
  const conversationId = threadId(participants);
  return modify<Conversation>(store, threadCollection(conversationId), HEADER_KEY, async (header) => {
    if (header) return metadata === undefined ? header : { ...header, metadata };
    const conversation = { conversationId, participants: sorted(participants), metadata };
    // Listed first: a thread that is opened but not listed would stay unlisted.
    await store.add(CONVERSATIONS, conversationId, { participants: conversation.participants });
    return { ...conversation, createdAt: new Date().toISOString() };
  });
}
