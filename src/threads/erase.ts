import { isTwilioError, ToolError } from '../errors';
import { modify, type Store } from '../store/port';
import type { ToolContext } from '../tool';
import { threadId } from './conversation';
import { changeInInbox } from './inbox';
import { findMessage, messagePlace } from './message';
import type { ItemPlace } from './ranges';
import { placesOf } from './record-message';

/** Erases the text at Twilio, then in the store. `copyRemains` says that a copy may be left after Twilio has erased it. */
export async function redactMessage(messageSid: string, { twilio, store }: ToolContext) {
  const redacted = await twilio.messages(messageSid).update({ body: '' });
  try {
    await changeCopies(store, messageSid, (copy) => ({ ...copy, body: '' }));
    return Object.assign(redacted, { copyRemains: undefined });
  } catch {
    return Object.assign(redacted, { copyRemains: remains('redacted') });
  }
}

/** Deletes a message at Twilio, then in the store. Throws a `ToolError` if a copy may be left. */
export async function deleteMessage(messageSid: string, { twilio, store }: ToolContext): Promise<boolean> {
  let notFound: unknown;
  const removed = await twilio
    .messages(messageSid)
    .remove()
    .catch((error: unknown) => {
      // An earlier call may have failed between Twilio and the store.
      if (!isTwilioError(error) || error.status !== 404) throw error;
      notFound = error;
      return false;
    });
  try {
    await changeCopies(store, messageSid, () => undefined);
  } catch {
    throw new ToolError(remains('deleted'));
  }
  if (notFound) throw notFound;
  return removed;
}

const remains = (done: string) =>
  `The message was ${done} at Twilio, but a copy of its text may remain readable in this server's threads and inboxes: the store failed. Call this again.`;

/** Changes or deletes a message wherever the store holds a copy. */
async function changeCopies(
  store: Store,
  messageSid: string,
  change: <T extends object>(copy: T) => T | undefined,
): Promise<void> {
  const changeCopy = (...place: ItemPlace) =>
    modify<object | undefined>(store, ...place, (copy) => copy && change(copy));
  const message = await findMessage(store, messageSid);
  await changeInInbox(store, { id: messageSid, to: message?.to }, change);
  if (message === undefined) return;
  const { from, to, conversationId } = message;
  if (to !== undefined) {
    const ids = [conversationId, from && threadId([from, to])].filter((id) => id !== undefined);
    const places = placesOf({ ...message, to }, [...new Set(ids)]);
    await Promise.all(places.map((place) => changeCopy(...place)));
  }
  // Last: a retry needs it to find the copies.
  await changeCopy(...messagePlace(messageSid));
}
