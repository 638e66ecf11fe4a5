import { alter, type Store } from '../storage';
import { threadCollection, threadId } from './conversation';
import { eraseFromInbox } from './inbox';
import { collectionOf, messageOf } from './message';
import { inboundCollection } from './record';

/** Blanks the text of a message wherever it is kept, or takes all of it away. */
export async function erase(store: Store, messageSid: string, how: 'blank' | 'remove'): Promise<void> {
  const change = how === 'remove' ? undefined : <T extends object>(value: T): T => ({ ...value, body: '' });
  await eraseFromInbox(store, messageSid, change);
  const message = await messageOf(store, messageSid);
  if (message === undefined) return;
  const { from, to, timestamp } = message;
  const ids = [message.conversationId, from !== undefined && to !== undefined && threadId([from, to])];
  const copies = [...new Set(ids)].flatMap((id) => (id ? [threadCollection(id)] : []));
  if (to !== undefined) copies.push(inboundCollection(to));
  await Promise.all(copies.map((copy) => alter(store, copy, `${timestamp}_${messageSid}`, change)));
  // Last, for it tells where the others are when an interrupted call is repeated.
  await alter(store, collectionOf(messageSid), messageSid, change);
}
