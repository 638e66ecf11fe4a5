import { isDeepStrictEqual } from 'node:util';
import { type Item, type Store, toJson } from '../storage';

export interface Media {
  url: string;
  contentType?: string;
}

/** What is known of one message. Its parts arrive in any order: what was sent, what came in, what became of it. */
export interface Message {
  messageSid: string;
  direction: 'inbound' | 'outbound';
  from?: string;
  to?: string;
  /** Undefined while only its delivery states are known; empty for pictures alone. */
  body?: string;
  media?: Media[];
  status: string;
  errorCode?: number;
  errorMessage?: string;
  conversationId?: string;
  /** When it was first heard of, ISO 8601; fixed from then on, for it is the message's place in its thread. */
  timestamp: string;
}

/** The states of a message from first to last. A later one is never replaced by an earlier one. */
const STATES = [
  'accepted',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'receiving',
  'received',
  'canceled',
  'failed',
  'undelivered',
  'partially_delivered',
  'delivered',
  'read',
];

export const isState = (status: string): boolean => STATES.includes(status);

/**
 * Adds what was learned to what is stored, whichever came first, and gives the whole. Any order of the same news, and
 * any repetition, ends in the same message.
 */
export async function learn(store: Store, news: Message): Promise<Message> {
  const collection = collectionOf(news.messageSid);
  if (await store.add(collection, news.messageSid, news)) return news;
  for (;;) {
    const known = (await store.get<Message>(collection, news.messageSid)) as Item<Message>;
    const both = merge(known.value, news);
    if (isDeepStrictEqual(JSON.parse(toJson(both)), known.value)) return both;
    if (await store.update(collection, news.messageSid, both, known.revision)) return both;
  }
}

export const messageOf = async (store: Store, messageSid: string): Promise<Message | undefined> =>
  (await store.get<Message>(collectionOf(messageSid), messageSid))?.value;

/** SIDs are spread over many collections, because a collection may be written only so often. */
export const collectionOf = (messageSid: string) => `messages-${messageSid.slice(-2)}`;

function merge(known: Message, news: Message): Message {
  const { status, errorCode, errorMessage } = STATES.indexOf(news.status) > STATES.indexOf(known.status) ? news : known;
  return { ...news, ...known, status, errorCode, errorMessage };
}
