import { createHash } from 'node:crypto';
import { ToolError } from '../errors';
import type { Store } from '../storage';

/** A thread: who talks in it. Its messages are items of their own. */
export interface Conversation {
  conversationId: string;
  /** Sorted. */
  participants: string[];
  createdAt: string;
  metadata?: Record<string, unknown>;
}

/** Every thread is listed here; written once a thread. */
export const CONVERSATIONS = 'conversations';
/** A thread's own entry: it sorts before its messages, whose keys begin with a date. */
export const HEAD = '!';

export const threadCollection = (conversationId: string) => `thread-${conversationId}`;

/**
 * The id of the participants' thread, whoever sends: a UUID made of their numbers, sorted and joined. So two Functions
 * that open the same thread at the same instant open one.
 */
export function threadId(participants: readonly string[]): string {
  const hash = createHash('sha256').update(sorted(participants).join('|')).digest('hex');
  // Version 8 is the one whose content the application chooses.
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}

const sorted = (participants: readonly string[]) => [...new Set(participants)].sort();

export async function findConversation(store: Store, conversationId: string): Promise<Conversation | undefined> {
  return (await store.get<Conversation>(threadCollection(conversationId), HEAD))?.value;
}

/** @throws ToolError where there is no such thread; `rest` says what that means for the call. */
export async function getConversation(store: Store, conversationId: string, rest = ''): Promise<Conversation> {
  const found = await findConversation(store, conversationId);
  if (found === undefined) throw new ToolError(`Conversation ${conversationId} not found${rest}`);
  return found;
}

/** Finds or opens the thread of these participants; metadata replaces that of a thread that is there. */
export async function openConversation(
  store: Store,
  participants: readonly string[],
  metadata?: Record<string, unknown>,
): Promise<Conversation> {
  const conversationId = threadId(participants);
  const collection = threadCollection(conversationId);
  for (;;) {
    const head = await store.get<Conversation>(collection, HEAD);
    if (head === undefined) {
      const createdAt = new Date().toISOString();
      const conversation = { conversationId, participants: sorted(participants), createdAt, metadata };
      // Listed first: a thread that is open but not listed would stay unlisted.
      await store.add(CONVERSATIONS, conversationId, { participants: conversation.participants });
      if (await store.add(collection, HEAD, conversation)) return conversation;
    } else if (metadata === undefined) {
      return head.value;
    } else {
      const conversation = { ...head.value, metadata };
      if (await store.update(collection, HEAD, conversation, head.revision)) return conversation;
    }
  }
}
