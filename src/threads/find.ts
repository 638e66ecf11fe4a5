import { attempt, ToolError } from '../errors';
import { describeSearch, hasTime, keyOf, Page, tokenAfter } from '../paging';
import { type Item, MAX_PAGE } from '../store/port';
import type { ToolContext } from '../tool';
import { CONVERSATIONS, type Conversation, findConversation, threadId } from './conversation';
import { inboundNumbers } from './record-message';

/** Own numbers whose thread with a person is looked up by its key, and look-ups at a time. */
const MAX_OWN_NUMBERS = 100;
const LOOKUPS = 10;
/** Threads to choose from if a participant has several. */
const MAX_CHOICES = 10;
/** Begins the keys of threads that are looked up, which come before all that are searched. */
const LOOKED_UP = '!';

interface Listed {
  participants: string[];
}

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
  const ids = (await ownAddresses(participant, context)).map((own) => threadId([participant, own])).sort();
  const start = pageToken === undefined ? LOOKED_UP : keyOf(pageToken);
  const items: Conversation[] = [];
  /** Adds threads in the order of their keys; true once the page is full. */
  const add = async (keys: readonly string[]) => {
    for (let at = 0; at < keys.length; at += LOOKUPS) {
      const group = keys.slice(at, at + LOOKUPS);
      const found = await Promise.all(group.map((key) => findConversation(store, key.replace(LOOKED_UP, ''))));
      for (const [i, conversation] of found.entries()) {
        if (conversation) items.push(conversation);
        if (items.length === limit) return group[i];
      }
    }
    return undefined;
  };
  const full = await add(ids.map((id) => LOOKED_UP + id).filter((key) => key > start && start.startsWith(LOOKED_UP)));
  if (full !== undefined) return new Page(items, tokenAfter(full));
  let after = start.startsWith(LOOKED_UP) ? undefined : start;
  let searched = 0;
  do {
    const { items: listed, more } = await store.list<Listed>(CONVERSATIONS, { after, limit: MAX_PAGE });
    searched += listed.length;
    const matches = ({ key, value }: Item<Listed>) => value.participants.includes(participant) && !ids.includes(key);
    const full = await add(listed.filter(matches).map(({ key }) => key));
    if (full !== undefined) return new Page(items, tokenAfter(full));
    if (!more) return new Page(items);
    after = listed.at(-1)!.key;
  } while (hasTime(deadline));
  return new Page(items, tokenAfter(after), { searched: describeSearch(searched) });
}

/** The one thread of a participant. Throws a `ToolError` that lists the threads if there are several, or that found none. */
export async function threadOf(participant: string, context: ToolContext): Promise<Conversation> {
  const { items, extras } = await threadsOf(participant, { limit: MAX_CHOICES }, context);
  const [only, ...others] = items;
  if (only === undefined) throw new ToolError(`No thread with ${participant} found. ${extras.searched ?? ''}`.trim());
  if (others.length === 0) return only;
  const choices = items.map((each) => `${each.conversationId} (${each.participants.join(', ')})`);
  throw new ToolError(
    `${participant} has several threads; nothing was read. Pass \`conversationId\`: ${choices.join('; ')}.`,
  );
}

/** The account's own addresses on the channel of another address: default senders, and numbers that send or receive. */
async function ownAddresses(participant: string, { store, config, twilio }: ToolContext): Promise<string[]> {
  const [, channel = ''] = /^(\w+:)?/.exec(participant)!;
  const [received, owned] = await Promise.all([
    inboundNumbers(store),
    // Without them the search still finds the thread.
    attempt(twilio.incomingPhoneNumbers.page({ pageSize: MAX_OWN_NUMBERS })),
  ]);
  const ownedNumbers = owned.value?.instances.map(({ phoneNumber }) => phoneNumber) ?? [];
  const numbers = [config.phoneNumber ?? [], config.phoneNumbers, ownedNumbers].flat();
  const own = [...numbers.map((number) => channel + number), ...received];
  return [...new Set(own)].filter((address) => address !== participant).slice(0, MAX_OWN_NUMBERS);
}
