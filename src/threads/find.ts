import { attempt, ToolError } from '../errors';
import { describeSearch, hasTime, keyOf, Page, tokenAfter } from '../paging';
import type { Store } from '../store/port';
import type { ToolContext } from '../tool';
import { type Conversation, findConversation, nextConversations, threadId } from './conversation';
import { inboundNumbers } from './record-message';

/** Own numbers whose thread with a person is looked up by its key, and look-ups at a time. */
const MAX_OWN_NUMBERS = 100;
const LOOKUPS = 10;
/** Threads to choose from if a participant has several. */
const MAX_CHOICES = 10;
/** Begins the keys of threads that are looked up, which come before all that are searched. */
const LOOKED_UP = '!';

/**
 * A page of the threads of a participant: first those with one of the account's numbers, by their keys, then all others,
 * by searching every stored thread as far as the time of the call allows.
 */
export async function threadsOf(
  participant: string,
  { limit, pageToken }: { limit: number; pageToken?: string },
  context: ToolContext,
): Promise<Page<Conversation>> {
  const { store, deadline } = context;
  const ids = await ownThreadIds(participant, context);
  const start = pageToken === undefined ? LOOKED_UP : keyOf(pageToken);
  const isFirst = start.startsWith(LOOKED_UP);
  const items = isFirst
    ? await findAll(
        store,
        ids.filter((id) => LOOKED_UP + id > start),
      )
    : [];
  if (items.length >= limit) {
    return new Page(items.slice(0, limit), tokenAfter(LOOKED_UP + items[limit - 1]!.conversationId));
  }
  let after = isFirst ? undefined : start;
  let searched = 0;
  do {
    const { items: listed, more } = await nextConversations(store, after);
    searched += listed.length;
    const found = listed.map(({ value }) => value).filter((each) => each.participants.includes(participant));
    items.push(...found.filter(({ conversationId }) => !ids.includes(conversationId)).slice(0, limit - items.length));
    if (items.length === limit) return new Page(items, tokenAfter(items.at(-1)!.conversationId));
    if (!more) return new Page(items);
    after = listed.at(-1)!.key;
  } while (hasTime(deadline));
  return new Page(items, tokenAfter(after), { searched: describeSearch(searched) });
}

async function findAll(store: Store, ids: readonly string[]): Promise<Conversation[]> {
  const found: (Conversation | undefined)[] = [];
  for (let at = 0; at < ids.length; at += LOOKUPS) {
    found.push(...(await Promise.all(ids.slice(at, at + LOOKUPS).map((id) => findConversation(store, id)))));
  }
  return found.filter((conversation) => conversation !== undefined);
}

/**
 * The participant's thread with a number of the account, or otherwise the thread that a search finds. Throws a `ToolError`
 * if there is no such thread; if there are several, the error lists them.
 */
export async function threadOf(participant: string, context: ToolContext): Promise<Conversation> {
  const own = await findAll(context.store, await ownThreadIds(participant, context));
  const { items, extras } =
    own.length > 0 ? new Page(own) : await threadsOf(participant, { limit: MAX_CHOICES }, context);
  const [only, ...others] = items;
  if (only === undefined) throw new ToolError(`No thread with ${participant} found. ${extras.searched ?? ''}`.trim());
  if (others.length === 0) return only;
  const choices = items.map((each) => `${each.conversationId} (${each.participants.join(', ')})`);
  throw new ToolError(
    `${participant} has several threads; nothing was read. Pass \`conversationId\`: ${choices.join('; ')}.`,
  );
}

/**
 * The IDs that threads of a participant with the account's own addresses on the same channel have, in order: default
 * senders, and numbers that the account owns or that have received messages.
 */
async function ownThreadIds(participant: string, { store, config, twilio }: ToolContext): Promise<string[]> {
  const [, channel = ''] = /^(\w+:)?/.exec(participant)!;
  const [received, owned] = await Promise.all([
    inboundNumbers(store),
    // Without them the search still finds the thread.
    attempt(twilio.incomingPhoneNumbers.page({ pageSize: MAX_OWN_NUMBERS })),
  ]);
  const ownedNumbers = owned.value?.instances.map(({ phoneNumber }) => phoneNumber) ?? [];
  const numbers = [config.phoneNumber ?? [], config.phoneNumbers, ownedNumbers].flat();
  const own = [...numbers.map((number) => channel + number), ...received];
  const addresses = [...new Set(own)].filter((address) => address !== participant).slice(0, MAX_OWN_NUMBERS);
  return addresses.map((address) => threadId([participant, address])).sort();
}
