import type { Config } from '../config';
import { E164 } from '../formats';
import { Response } from '../http/exchange';
import type { Store } from '../storage';
import { putIntoInbox, takeFromInbox } from '../threads/inbox';
import { record } from '../threads/record';
import { BadPayload, deliveryState, type Fields, inboundMessage } from './payload';

/** What a webhook works with; nothing is opened before it is touched. */
export interface WebhookContext {
  readonly config: Config;
  readonly store: Store;
}

/** Stores what the fields tell, then answers in the form that Twilio expects. @throws BadPayload */
export type Receiver = (fields: Fields, context: WebhookContext) => Promise<Response>;

/** A message came in: it joins its thread, and the inbox of the number. */
export const messageReceived: Receiver = async (fields, { store, config }) => {
  const message = inboundMessage(fields, { withMedia: config.enableMms });
  const { timestamp } = await record(store, message, config.autoCreateConversations);
  await putIntoInbox(store, inboxMessage({ ...message, timestamp }));
  return noReply();
};

/** A message came in at an agent's number: it is kept for five minutes, and nowhere else. */
export const codeReceived: Receiver = async (fields, { store }) => {
  await putIntoInbox(store, inboxMessage(inboundMessage(fields, { withMedia: false })));
  return noReply();
};

/** A message that was sent has reached another state. */
export const stateChanged: Receiver = async (fields, { store, config }) => {
  await record(store, deliveryState(fields), config.autoCreateConversations);
  return new Response('', { status: 200, headers: { 'content-type': 'text/plain' } });
};

/** Hands out what came in at `phoneNumber`, each message once. */
export const notifications: Receiver = async ({ phoneNumber = '' }, { store }) => {
  if (!E164.test(phoneNumber)) throw new BadPayload('phoneNumber must be E.164, with its + as %2B');
  return Response.json({ messages: await takeFromInbox(store, phoneNumber) });
};

function inboxMessage({ messageSid, from, to, body, timestamp }: ReturnType<typeof inboundMessage>) {
  return { id: messageSid, from: from!, to: to!, body, received_at: timestamp };
}

/** TwiML that answers nothing to the sender. */
const noReply = () =>
  new Response('<?xml version="1.0" encoding="UTF-8"?><Response></Response>', {
    headers: { 'content-type': 'text/xml' },
  });
