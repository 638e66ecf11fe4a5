import { describeSearch, hasTime, keyOf, tokenAfter } from '../paging';
import type { ToolContext } from '../tool';
import { getConversation, threadId, threadRange } from './conversation';
import { coversRecent, cursorAfter, readCursor } from './cursor';
import { entryKey } from './message';
import { listRanges } from './ranges';
import { fitMessages } from './read';
import { inboundNumbers, inboundRanges, type ThreadEntry } from './record-message';

interface InboundQuery {
  from?: string;
  to?: string;
  conversationId?: string;
  since?: Date;
  cursor?: string;
  limit: number;
  pageToken?: string;
}

/**
 * A page of received messages, newest first: of one thread, one own number or all of them. The history is read back only as
 * far as the page needs, so the count is one of the messages read for it. Later pages have neither count nor cursor: they
 * would include what arrived since the first one.
 */
export async function inboundPage(query: InboundQuery, { store, deadline }: Pick<ToolContext, 'store' | 'deadline'>) {
  const { from, to, conversationId, since, cursor, limit, pageToken } = query;
  const now = Date.now();
  const last = cursor === undefined ? undefined : readCursor(cursor);
  const start = [since?.toISOString() ?? '', last?.since ?? ''].sort()[1]!;
  if (conversationId) await getConversation(store, conversationId);
  const numbers = conversationId ? [] : to ? [to] : await inboundNumbers(store);
  const ranges = conversationId
    ? [threadRange(conversationId)]
    : numbers.flatMap((number) => (from ? threadRange(threadId([from, number])) : inboundRanges(number)));
  const isFirst = pageToken === undefined;
  const found: ThreadEntry[] = [];
  let messages: (ThreadEntry & { status: string })[] = [];
  let position = isFirst ? undefined : keyOf(pageToken);
  let searched = 0;
  let more = false;
  do {
    // Keys begin with the instant; `~` sorts after every key of that instant.
    const page = await listRanges<ThreadEntry>(store, ranges, {
      after: position,
      until: start ? `${start}~` : undefined,
      order: 'desc',
    });
    searched += page.items.length;
    position = page.items.at(-1)?.key ?? position;
    more = page.more;
    found.push(
      ...page.items
        .map(({ value }) => value)
        .filter((entry) => entry.direction === 'inbound')
        .filter((entry) => (!from || entry.from === from) && (!to || entry.to === to)),
    );
    messages = found.filter(last?.isNew ?? (() => true)).map((entry) => ({ media: [], ...entry, status: 'received' }));
  } while (more && (messages.length < limit || !coversRecent(found, position!, now)) && hasTime(deadline));
  const shown = messages.slice(0, limit);
  const hasNext = more || shown.length < messages.length;
  const keyAt = (i: number) => (i === messages.length - 1 ? position! : entryKey(shown[i]!));
  return {
    ...(shown.length > 0
      ? fitMessages(shown, hasNext, keyAt)
      : { messages: shown, nextPageToken: more ? tokenAfter(position!) : undefined }),
    ...(isFirst && {
      totalCount: messages.length,
      hasMoreThanCounted: more || undefined,
      cursor: cursorAfter(found, now),
    }),
    searched: more && shown.length < limit ? describeSearch(searched) : undefined,
  };
}
