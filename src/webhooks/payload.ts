import { sidPattern } from '../formats';
import { type CompleteMessage, isState, type Media, type Message } from '../threads/message';
import { type ChoiceType, choiceIn } from '../threads/opt-outs';

/** The parameters of a webhook request. */
export type WebhookFields = Readonly<Record<string, string>>;

/** A payload that is not valid; nothing of it is stored. */
export class BadPayload extends Error {
  override readonly name = 'BadPayload';
}

/** The message of an inbound webhook request. May throw `BadPayload`. */
export function inboundMessage(fields: WebhookFields, { withMedia }: { withMedia: boolean }): CompleteMessage {
  // A status callback that points here must not become a message, whatever its URL adds.
  if ((fields.MessageStatus ?? fields.SmsStatus ?? 'received') !== 'received')
    throw new BadPayload('This is the status of a message, not an inbound one');
  const media = withMedia ? mediaOf(fields) : [];
  const optOut = choiceOf(fields);
  return {
    messageSid: messageSidOf(fields.MessageSid ?? fields.SmsSid),
    direction: 'inbound',
    from: addressOf(fields, 'From'),
    to: addressOf(fields, 'To'),
    body: bodyOf(fields.Body),
    ...(media.length > 0 && { media }),
    status: 'received',
    ...(optOut && { optOut, messagingServiceSid: fields.MessagingServiceSid || undefined }),
    timestamp: new Date().toISOString(),
  };
}

/** With Advanced Opt-Out, Twilio says which of the account's own keywords a message is. */
function choiceOf({ OptOutType: type, From = '', Body = '' }: WebhookFields): ChoiceType | undefined {
  if (!type) return choiceIn({ from: From, body: Body });
  return type === 'STOP' || type === 'START' ? type : undefined;
}

/** The message update of a status callback. May throw `BadPayload`. */
export function deliveryState(fields: WebhookFields): Message {
  const status = fields.MessageStatus ?? fields.SmsStatus ?? '';
  if (!isState(status)) throw new BadPayload('MessageStatus is not a state of a message');
  const errorCode = Number(fields.ErrorCode || Number.NaN);
  return {
    messageSid: messageSidOf(fields.MessageSid ?? fields.SmsSid),
    direction: 'outbound',
    // A Messaging Service may not have chosen the sender yet.
    ...(fields.From && { from: addressOf(fields, 'From') }),
    to: addressOf(fields, 'To'),
    status,
    ...(Number.isInteger(errorCode) && { errorCode }),
    ...(fields.ErrorMessage && { errorMessage: fields.ErrorMessage.slice(0, 500) }),
    timestamp: new Date().toISOString(),
  };
}

const MESSAGE_SID = sidPattern('SM|MM');

function messageSidOf(value = ''): string {
  if (!MESSAGE_SID.test(value)) throw new BadPayload('MessageSid is not the SID of a message');
  return value;
}

function addressOf(fields: WebhookFields, name: 'From' | 'To'): string {
  const value = fields[name] ?? '';
  if (!/^[^\s/?#|\p{C}][^/?#|\p{C}]{0,100}$/u.test(value)) throw new BadPayload(`${name} is not an address`);
  return value;
}

function bodyOf(value: string | undefined): string {
  if (value === undefined || value.length > 4096) throw new BadPayload('Body is missing, or longer than a message');
  return value;
}

function mediaOf(fields: WebhookFields): Media[] {
  const count = Number(fields.NumMedia ?? 0);
  if (!Number.isInteger(count) || count < 0 || count > 10) throw new BadPayload('NumMedia is not a count of media');
  return Array.from({ length: count }, (_, i) => {
    const url = fields[`MediaUrl${i}`] ?? '';
    if (!/^https?:\/\/\S{1,1000}$/.test(url)) throw new BadPayload(`MediaUrl${i} is not a URL`);
    return { url, contentType: fields[`MediaContentType${i}`]?.slice(0, 100) };
  });
}
