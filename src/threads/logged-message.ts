import { isTwilioError } from '../errors';
import { page } from '../paging';
import type { ToolContext } from '../tool';
import { fileUrl } from '../twilio';
import { creationOf, isUnderWay, type Message } from './message';
import { choiceIn } from './opt-outs';

export type LoggedMessage = Awaited<ReturnType<ToolContext['twilio']['messages']['page']>>['instances'][number];

/** A message of Twilio's log as a thread stores it; undefined if it has no SID, and so no place in the store. */
export async function fromLog(logged: LoggedMessage, twilio: ToolContext['twilio']): Promise<Message | undefined> {
  const { sid, direction, dateCreated, dateSent, errorCode, errorMessage, messagingServiceSid } = logged;
  if (!sid) return undefined;
  const inbound = direction === 'inbound';
  const optOut = inbound ? choiceIn(logged) : undefined;
  // The media() of a listed message lacks its SID.
  const { items = [] } = Number(logged.numMedia) > 0 ? await page(twilio.messages(sid).media, { limit: 10 }) : {};
  const media = items.flatMap(({ uri, contentType }) => {
    const url = fileUrl(twilio, uri);
    return url ? { url, contentType } : [];
  });
  return {
    messageSid: sid,
    direction: inbound ? 'inbound' : 'outbound',
    from: logged.from ?? undefined,
    to: logged.to ?? undefined,
    body: logged.body ?? '',
    ...(media.length > 0 && { media }),
    status: logged.status,
    ...(errorCode && { errorCode, errorMessage }),
    ...(optOut && { optOut, messagingServiceSid }),
    timestamp: (dateSent ?? dateCreated ?? new Date()).toISOString(),
    ...(!inbound && { created: creationOf(dateCreated) }),
  };
}

/**
 * The message of a delivery state, as Twilio has it. Undefined if it is only just being sent, when the send stores it, and
 * if Twilio refuses to show it.
 */
export async function readSent(
  { messageSid, status }: Message,
  context: Pick<ToolContext, 'twilio'>,
): Promise<Message | undefined> {
  if (isUnderWay(status)) return undefined;
  // Few webhooks need the client, which takes long to load.
  const { twilio } = context;
  try {
    return await fromLog(await twilio.messages(messageSid).fetch(), twilio);
  } catch (error) {
    if (isTwilioError(error) && error.status < 500 && error.status !== 429) return undefined;
    throw error;
  }
}
