import { keyOf, tokenAfter } from '../paging';
import type { Store } from '../store/port';
import { countFitting } from '../truncate';
import { threadRange } from './conversation';
import { findMessage } from './message';
import { listRanges } from './ranges';
import type { ThreadEntry } from './record-message';

/** A page of long messages ends before this many characters of JSON, so that no message of the result is cut. */
const MAX_PAGE_CHARS = 30_000;
/** Messages that a summary looks at. */
const MAX_SUMMARIZED = 500;

interface MessagePage<T> {
  messages: T[];
  nextPageToken?: string;
}

/** The newest messages of a thread, or those before a page, in time order and each with its latest state. */
export async function threadPage(
  store: Store,
  conversationId: string,
  { limit, pageToken }: { limit: number; pageToken?: string },
): Promise<MessagePage<object>> {
  const after = pageToken === undefined ? undefined : keyOf(pageToken);
  const { items, more } = await listRanges<ThreadEntry>(store, [threadRange(conversationId)], {
    after,
    order: 'desc',
    limit,
  });
  const newest = await Promise.all(items.map(({ value }) => withState(store, value)));
  const { messages, nextPageToken } = fitMessages(newest, more, (i) => items[i]!.key);
  // Twilio's times are whole seconds, and so are those in the keys of outbound messages.
  return { messages: messages.reverse().sort(byTime), nextPageToken };
}

const byTime = (a: { timestamp: string }, b: { timestamp: string }) =>
  a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0;

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

async function withState(store: Store, { conversationId: _, ...entry }: ThreadEntry) {
  if (entry.direction === 'inbound') return { ...entry, status: 'received' };
  const { status, errorCode, errorMessage } = (await findMessage(store, entry.messageSid)) ?? {};
  return { ...entry, status, errorCode, errorMessage };
}

/** A thread in one sentence, without anything its participants wrote. Of a long one, the newest messages count. */
export async function summarizeThread(store: Store, conversationId: string) {
  const entries: ThreadEntry[] = [];
  let after: string | undefined;
  let more = true;
  while (more && entries.length < MAX_SUMMARIZED) {
    const page = await listRanges<ThreadEntry>(store, [threadRange(conversationId)], { after, order: 'desc' });
    entries.push(...page.items.map(({ value }) => value));
    after = page.items.at(-1)?.key;
    more = page.more;
  }
  const inbound = entries.filter(({ direction }) => direction === 'inbound').length;
  const [last, first] = [entries[0], entries.at(-1)];
  const span = first && last ? `, from ${first.timestamp} to ${last.timestamp}; the last one is ${last.direction}` : '';
  return {
    summary: `${more ? 'The newest ' : ''}${entries.length} messages: ${inbound} inbound, ${entries.length - inbound} outbound${span}.`,
    lastActivity: last?.timestamp ?? null,
    messageCount: entries.length,
    hasMoreThanCounted: more || undefined,
  };
}
