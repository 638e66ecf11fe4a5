import { createHash } from 'node:crypto';
import { ToolError } from '../errors';
import { keyOf, Page, tokenAfter } from '../paging';
import { modify, type Store } from '../store/port';
import { remember, remembers } from './memory';
import { allShards, type ItemPlace, type KeyRange, listPrefix, listRanges, shard } from './ranges';

/** A thread: its participants. Its messages are items of their own. */
export interface Conversation {
  conversationId: string;
  /** Sorted. */
  participants: string[];
  /** ISO 8601. */
  createdAt: string;
  metadata?: Record<string, unknown>;
}

/** Fewer than there are for messages, because a list of threads reads all of them. */
const SHARDS_OF_LIST = 16;
const ALL_THREADS = allShards('conversations', SHARDS_OF_LIST);

/** Where a thread itself is. */
export const conversationPlace = (conversationId: string): ItemPlace => [
  shard('conversations', conversationId, { of: SHARDS_OF_LIST }),
  conversationId,
];

/** Where the messages of a thread are. */
export const threadRange = (conversationId: string): KeyRange => ({
  collection: shard('threads', conversationId),
  prefix: listPrefix(conversationId),
});

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
  const item = await store.get<Conversation>(...conversationPlace(conversationId));
  if (item) remember(store, ...conversationPlace(conversationId));
  return item?.value;
}

/** Whether there is a thread with this ID. */
export const isThreadOpen = async (store: Store, conversationId: string): Promise<boolean> =>
  remembers(store, ...conversationPlace(conversationId)) ||
  (await findConversation(store, conversationId)) !== undefined;

/** Throws a `ToolError` if there is no such thread; `consequence` completes the sentence after "not found". */
export async function getConversation(store: Store, conversationId: string, consequence = ''): Promise<Conversation> {
  const found = await findConversation(store, conversationId);
  if (found === undefined) throw new ToolError(`Conversation ${conversationId} not found${consequence}`);
  return found;
}

/** A page of all threads, by ID. */
export async function conversationPage(
  store: Store,
  { limit, pageToken }: { limit: number; pageToken?: string },
): Promise<Page<Conversation>> {
  const after = pageToken === undefined ? undefined : keyOf(pageToken);
  const { items, more } = await listRanges<Conversation>(store, ALL_THREADS, { after, limit });
  const threads = items.slice(0, limit).map(({ value }) => value);
  const tokenOf = (shown: number) => tokenAfter(threads[shown - 1]!.conversationId);
  return new Page(threads, more || items.length > limit ? tokenOf(threads.length) : undefined, { tokenAfter: tokenOf });
}

/** The next threads after an ID, as many as one read of the store finds. */
export const nextConversations = (store: Store, after: string | undefined) =>
  listRanges<Conversation>(store, ALL_THREADS, { after });

/** Opens the thread of these participants unless this instance has seen it. */
export async function ensureOpen(store: Store, participants: readonly string[]): Promise<void> {
  const conversation = newConversation(participants);
  const place = conversationPlace(conversation.conversationId);
  if (remembers(store, ...place)) return;
  await store.add(...place, conversation);
  remember(store, ...place);
}

/** Finds or opens the thread of these participants. Metadata replaces that of an existing thread. */
export function openConversation(
  store: Store,
  participants: readonly string[],
  metadata?: Record<string, unknown>,
): Promise<Conversation> {
  const opened = newConversation(participants);
  return modify<Conversation>(store, ...conversationPlace(opened.conversationId), (known) => {
    if (known) return metadata === undefined ? known : { ...known, metadata };
    return { ...opened, metadata };
  });
}

const newConversation = (participants: readonly string[]): Conversation => ({
  conversationId: threadId(participants),
  participants: sorted(participants),
  createdAt: new Date().toISOString(),
});
