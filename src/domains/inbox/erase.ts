import { isTwilioError, ToolError } from '../../errors';
import { erase } from '../../threads/erase';
import type { ToolContext } from '../../tool';

/** Erases the text at Twilio, then in the store. Once it is done at Twilio, `copyRemains` says where a copy is left. */
export async function redact(messageSid: string, { twilio, store }: ToolContext) {
  const redacted = await twilio.messages(messageSid).update({ body: '' });
  try {
    await erase(store, messageSid, 'blank');
    return Object.assign(redacted, { copyRemains: undefined });
  } catch {
    return Object.assign(redacted, { copyRemains: remains('redacted') });
  }
}

/** Deletes a message at Twilio, then in the store. @throws ToolError where a copy is left */
export async function deleteEverywhere(messageSid: string, { twilio, store }: ToolContext): Promise<boolean> {
  let missing: unknown;
  const removed = await twilio
    .messages(messageSid)
    .remove()
    .catch((error: unknown) => {
      // A call before this one may have failed between Twilio and the store.
      if (!isTwilioError(error) || error.status !== 404) throw error;
      missing = error;
      return false;
    });
  try {
    await erase(store, messageSid, 'remove');
  } catch {
    throw new ToolError(remains('deleted'));
  }
  if (missing) throw missing;
  return removed;
}

const remains = (done: string) =>
  `The message was ${done} at Twilio, but a copy of its text may remain readable in this server's threads and inboxes: the store failed. Call this again.`;
