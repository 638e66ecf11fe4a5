import { isState, type Media, type Message } from '../threads/message';

/** The fields of a webhook as Twilio posts them. */
export type Fields = Readonly<Record<string, string>>;

/** A payload that makes no sense; nothing of it is stored. */
export class BadPayload extends Error {
  override readonly name = 'BadPayload';
}

/** What an inbound message's webhook tells. @throws BadPayload */
export function inboundMessage(fields: Fields, { withMedia }: { withMedia: boolean }): Message & { body: string } {
  const media = withMedia ? mediaOf(fields) : [];
  return {
    messageSid: sid(fields.MessageSid ?? fields.SmsSid),
    direction: 'inbound',
    from: address(fields, 'From'),
    to: address(fields, 'To'),
    body: body(fields.Body),
    ...(media.length > 0 && { media }),
    status: 'received',
    timestamp: new Date().toISOString(),
  };
}

/** What a delivery state's webhook tells. @throws BadPayload */
export function deliveryState(fields: Fields): Message {
  const status = fields.MessageStatus ?? fields.SmsStatus ?? '';
  if (!isState(status)) throw new BadPayload('MessageStatus is not a state of a message');
  const errorCode = Number(fields.ErrorCode || Number.NaN);
  return {
    messageSid: sid(fields.MessageSid ?? fields.SmsSid),
    direction: 'outbound',
    // A Messaging Service may not have chosen its sender yet.
    ...(fields.From && { from: address(fields, 'From') }),
    to: address(fields, 'To'),
    status,
    ...(Number.isInteger(errorCode) && { errorCode }),
    ...(fields.ErrorMessage && { errorMessage: fields.ErrorMessage.slice(0, 500) }),
    timestamp: new Date().toISOString(),
  };
}

function sid(value = ''): string {
  if (!/^(SM|MM)[0-9a-f]{32}$/.test(value)) throw new BadPayload('MessageSid is not the SID of a message');
  return value;
}

function address(fields: Fields, name: 'From' | 'To'): string {
  const value = fields[name] ?? '';
  if (!/^\S[^/?#|]{0,100}$/.test(value)) throw new BadPayload(`${name} is not an address`);
  return value;
}

function body(value: string | undefined): string {
  if (value === undefined || value.length > 4096) throw new BadPayload('Body is missing, or longer than a message');
  return value;
}

function mediaOf(fields: Fields): Media[] {
  const count = Number(fields.NumMedia ?? 0);
  if (!Number.isInteger(count) || count < 0 || count > 10) throw new BadPayload('NumMedia is not a count of media');
  return Array.from({ length: count }, (_, i) => {
    const url = fields[`MediaUrl${i}`] ?? '';
    if (!/^https?:\/\/\S{1,1000}$/.test(url)) throw new BadPayload(`MediaUrl${i} is not a URL`);
    return { url, contentType: fields[`MediaContentType${i}`]?.slice(0, 100) };
  });
}
