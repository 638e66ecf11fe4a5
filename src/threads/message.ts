import { isDeepStrictEqual } from 'node:util';
import { words } from '../params';
import { modify, type Store, toJson } from '../store/port';
import type { ChoiceType } from './opt-outs';
import { type ItemPlace, shard } from './ranges';

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
  /** When it first became known, ISO 8601. Never changes, as it orders an inbound message in its thread. */
  timestamp: string;
  /** When Twilio created an outbound message, ISO 8601 to the second: the same for all who record it, it orders the message. */
  created?: string;
  /** Whether an outbound message is surely in its thread. */
  filed?: true;
}

/** A message of which everything is known that a thread needs. */
export type CompleteMessage = Message & { from: string; to: string; body: string };

/** The key of a message in a list: sorts by time. */
export const entryKey = ({ created, timestamp, messageSid }: Pick<Message, 'created' | 'timestamp' | 'messageSid'>) =>
  `${created ?? timestamp}_${messageSid}`;

/** Message states from first to last. An earlier one never replaces a later one. */
const STATES: readonly string[] = words(
  'accepted scheduled queued sending sent receiving received canceled failed undelivered partially_delivered delivered read',
);

/** Whether this is a state of a message in Twilio's API. */
export const isState = (status: string): boolean => STATES.includes(status);

/** Adds a message that is not stored yet. */
export const addMessage = (store: Store, message: Message): Promise<string | false> =>
  store.add(...messagePlace(message.messageSid), message);

/** Whether a message with this state has not been sent yet: another state will follow. */
export const isUnderWay = (status: string): boolean => STATES.indexOf(status) < STATES.indexOf('sent');

/** `created` of a message that Twilio created then, if its answer has a date. */
export const creationOf = (date: unknown): string | undefined =>
  date instanceof Date && !Number.isNaN(date.getTime()) ? date.toISOString().replace(/\.\d+Z$/, 'Z') : undefined;

/** Merges an update into the stored message and returns the whole. Idempotent and independent of order. */
export async function mergeMessage(store: Store, update: Message): Promise<Message> {
  return (await addMessage(store, update))
    ? update
    : changeMessage(store, update.messageSid, (known) => merge(known, update));
}

/** Changes the stored message by its SID and returns the whole. `change` gets undefined if it is not stored. */
export function changeMessage(
  store: Store,
  messageSid: string,
  change: (known: Message | undefined) => Message | Promise<Message>,
): Promise<Message> {
  return modify<Message>(store, ...messagePlace(messageSid), async (known) => {
    const changed = await change(known);
    return isDeepStrictEqual(JSON.parse(toJson(changed)), known) ? known! : changed;
  });
}

/** The stored message; undefined if it is unknown here. */
export const findMessage = async (store: Store, messageSid: string): Promise<Message | undefined> =>
  (await store.get<Message>(...messagePlace(messageSid)))?.value;

/** Where the state of a message is. */
export const messagePlace = (messageSid: string): ItemPlace => [shard('messages', messageSid), messageSid];

/** What is known of a message with an update of it, in either order. */
export function merge(known: Message | undefined, update: Message): Message {
  if (known === undefined) return update;
  const isLater = STATES.indexOf(update.status) > STATES.indexOf(known.status);
  const { status, errorCode, errorMessage } = isLater ? update : known;
  // A message with its text is in a thread already, under the key that it had then.
  const created = known.body === undefined ? (known.created ?? update.created) : known.created;
  return { ...update, ...known, status, errorCode, errorMessage, created };
}
