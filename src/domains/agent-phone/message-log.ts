import type { InboxMessage } from '../../threads/inbox';
import type { ToolContext } from '../../tool';

/** Twilio's error code for a one-time code that it filtered. */
export const FILTERED = 30038;
/** How many messages of the log are looked at, the newest. */
const LOOKED_AT = 100;

/**
 * What Twilio's log has of the messages to a number since an instant (epoch ms), oldest first, and whether Twilio filtered
 * one. The log's dates are whole seconds, rounded down, so a message of the first, incomplete second is left out: it may be
 * from before.
 */
export async function readLog(twilio: ToolContext['twilio'], number: string, since: number) {
  const { instances } = await twilio.messages.page({ to: number, dateSentAfter: new Date(since), pageSize: LOOKED_AT });
  const messages = instances
    .reverse()
    .flatMap(({ sid, direction, errorCode, from, to, body, ...dates }): InboxMessage[] => {
      const at = Math.min(...[dates.dateCreated, dates.dateSent].flatMap((date) => date?.getTime() ?? []));
      const isReceived = direction === 'inbound' && errorCode !== FILTERED && at >= since && Number.isFinite(at);
      return isReceived ? [{ id: sid, from, to, body: body ?? '', received_at: new Date(at).toISOString() }] : [];
    });
  return { messages, hasFiltered: instances.some(({ errorCode }) => errorCode === FILTERED) };
}
