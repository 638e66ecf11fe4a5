import { E164 } from '../formats';
import { Response } from '../http/exchange';
import { addToInbox, inboxMessage, takeFromInbox } from '../threads/inbox';
import { readSent } from '../threads/logged-message';
import { recordReceived, recordState } from '../threads/record-message';
import type { ToolContext } from '../tool';
import { BadPayload, deliveryState, inboundMessage, type WebhookFields } from './payload';

/**
 * Stores the fields, then answers in the form that Twilio expects. May throw `BadPayload`. `isSigned` says that a valid
 * signature came with them.
 */
export type Receiver = (
  fields: WebhookFields,
  context: Pick<ToolContext, 'config' | 'store' | 'twilio'>,
  isSigned?: boolean,
) => Promise<Response>;

/** An inbound message: it joins its thread and the inbox of the number. */
export const messageReceived: Receiver = async (fields, { store, config }) => {
  const message = inboundMessage(fields, { withMedia: config.enableMms });
  await recordReceived(store, message, config.autoCreateConversations);
  return emptyTwiml();
};

/** An inbound message of an agent's number: it is kept for five minutes, and nowhere else. */
export const codeReceived: Receiver = async (fields, { store }) => {
  await addToInbox(store, inboxMessage(inboundMessage(fields, { withMedia: false })));
  return emptyTwiml();
};

/** A delivery state of an outbound message. */
export const stateChanged: Receiver = async (fields, context) => {
  const { store, config } = context;
  const update = deliveryState(fields);
  await recordState(store, update, config.autoCreateConversations, () => readSent(update, context));
  return new Response('', { status: 200, headers: { 'content-type': 'text/plain' } });
};

/** Returns the messages received at `phoneNumber`, each once. */
export const notifications: Receiver = async ({ phoneNumber = '' }, { store }) => {
  if (!E164.test(phoneNumber)) throw new BadPayload('phoneNumber must be E.164, with its + as %2B');
  return Response.json({ notifications: await takeFromInbox(store, phoneNumber) });
};

/** TwiML without a reply to the sender. */
const emptyTwiml = () =>
  new Response('<?xml version="1.0" encoding="UTF-8"?><Response></Response>', {
    headers: { 'content-type': 'text/xml' },
  });
