import { isDeepStrictEqual } from 'node:util';
import { words } from '../params';
import { modify, type Store, toJson } from '../store/port';
import type { ChoiceType } from './opt-outs';

export interface Media {
  url: string;
  contentType?: string;
}

/** What is known of one message. Its parts arrive in any order: the send, the receipt, delivery states. */
export interface Message {
  messageSid: string;
  direction: 'inbound' | 'outbound';
  from?: string;
  to?: string;
  /** Undefined while only delivery states are known; empty for media without text. */
  body?: string;
  media?: Media[];
  status: string;
  errorCode?: number;
  errorMessage?: string;
  conversationId?: string;
  /** Set if an inbound message opts its sender out or in, with the Messaging Service that received it. */
  optOut?: ChoiceType;
  messagingServiceSid?: string;
  /** When it first became known, ISO 8601. Never changes, as it orders the message in its thread. */
  timestamp: string;
}

/** Message states from first to last. An earlier one never replaces a later one. */
const STATES: readonly string[] = words(
  'accepted scheduled queued sending sent receiving received canceled failed undelivered partially_delivered delivered read',
);

/** Whether this is a state of a message in Twilio's API. */
export const isState = (status: string): boolean => STATES.includes(status);

/** Merges an update into the stored message and returns the whole. Idempotent and independent of order. */
export async function mergeMessage(store: Store, update: Message): Promise<Message> {
  const collection = messageCollection(update.messageSid);
  if (await store.add(collection, update.messageSid, update)) return update;
  return modify<Message>(store, collection, update.messageSid, (known) => {
    if (known === undefined) return update;
    const merged = merge(known, update);
    return isDeepStrictEqual(JSON.parse(toJson(merged)), known) ? known : merged;
  });
}

/** The stored message; undefined if it is unknown here. */
export const findMessage = async (store: Store, messageSid: string): Promise<Message | undefined> =>
  (await store.get<Message>(messageCollection(messageSid), messageSid))?.value;

/** Messages are spread over many collections because each accepts a limited number of writes per second. */
export const messageCollection = (messageSid: string) => `messages-${messageSid.slice(-2)}`;

function merge(known: Message, update: Message): Message {
  const isLater = STATES.indexOf(update.status) > STATES.indexOf(known.status);
  const { status, errorCode, errorMessage } = isLater ? update : known;
  return { ...update, ...known, status, errorCode, errorMessage };
}
