import twilio from 'twilio';
import { SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN } from '../../sandbox/credentials';

/*
 * Webhook requests as Twilio sends them, signed with Twilio's own library.
 */

export type Fields = Record<string, string>;

const hex = (n: number, prefix: string) => prefix + n.toString(16).padStart(32, '0');
export const messageSid = (n: number) => hex(n, 'SM');

export const inbound = (n: number, fields: Fields = {}): Fields => ({
  MessageSid: messageSid(n),
  SmsSid: messageSid(n),
  SmsStatus: 'received',
  AccountSid: SANDBOX_ACCOUNT_SID,
  From: '+14155550100',
  To: '+15005550006',
  Body: `Message ${n}`,
  NumMedia: '0',
  NumSegments: '1',
  ApiVersion: '2010-04-01',
  ...fields,
});

export const statusUpdate = (sid: string, status: string, fields: Fields = {}): Fields => ({
  MessageSid: sid,
  SmsSid: sid,
  MessageStatus: status,
  SmsStatus: status,
  AccountSid: SANDBOX_ACCOUNT_SID,
  From: '+15005550006',
  To: '+14155550100',
  ApiVersion: '2010-04-01',
  ...fields,
});

export const signature = (url: string, fields: Fields = {}, token = SANDBOX_AUTH_TOKEN) =>
  twilio.getExpectedTwilioSignature(token, url, fields);

/** Posts a form, signed for its URL and fields by default; null sends no signature. */
export async function deliver(url: string, fields: Fields, signed: string | null = signature(url, fields)) {
  const response = await fetch(url, {
    method: 'POST',
    headers: signed === null ? {} : { 'x-twilio-signature': signed },
    body: new URLSearchParams(fields),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}
