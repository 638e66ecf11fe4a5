import { type Config, statusWebhook } from '../config';
import { ToolError, withMeaning } from '../errors';
import { fileUrl } from '../formats';
import { page, paging } from '../paging';
import { address, conversationId, dateTime, e164, integer, jsonObject, oneOf, sid, string, url, urls } from '../params';
import { deleteMessage, redactMessage } from '../threads/erase';
import { sendMessage } from '../threads/send';
import { domain, tool } from '../tool';
import { ownNumbers } from './phone-numbers/own';

const messageSid = () => sid('SM|MM', 'Message');

/** Arguments that every sending tool takes. */
const delivery = () => ({
  from: address('Sender: own number, short code or alphanumeric ID; default TWILIO_PHONE_NUMBER').optional(),
  messagingServiceSid: sid('MG', 'Messaging Service that chooses the sender').optional(),
  statusCallback: url('Receives each delivery state').optional(),
  sendAt: dateTime('Send later, 5 minutes to 35 days ahead; needs a Messaging Service').optional(),
  validityPeriod: integer('Seconds it may wait in the queue', 1, 36000).optional(),
  conversationId: conversationId('Thread that it joins; default that of both numbers').optional(),
});

interface Delivery {
  from?: string;
  messagingServiceSid?: string;
  statusCallback?: string;
  sendAt?: Date;
  validityPeriod?: number;
  conversationId?: string;
}

/** The delivery arguments with the deployment's defaults, as Twilio takes them. */
function deliver({ from, messagingServiceSid, sendAt, ...rest }: Delivery, config: Config, prefix = '') {
  const service = messagingServiceSid ?? (from === undefined || sendAt ? config.messagingServiceSid : undefined);
  const sender = from ?? (service === undefined ? config.phoneNumber : undefined);
  if (service === undefined && sender === undefined) {
    throw new ToolError(
      'No sender; nothing was sent. Give `from` or `messagingServiceSid`, or set TWILIO_PHONE_NUMBER.',
    );
  }
  if (sendAt && service === undefined) {
    throw new ToolError('`sendAt` needs a Messaging Service; nothing was sent. Give `messagingServiceSid`.');
  }
  return {
    ...rest,
    statusCallback: rest.statusCallback ?? config.statusCallbackUrl ?? statusWebhook(config),
    ...(sender !== undefined && { from: prefixed(sender, prefix) }),
    ...(service !== undefined && { messagingServiceSid: service }),
    ...(sendAt && { sendAt, scheduleType: 'fixed' as const }),
  };
}

const prefixed = (to: string, prefix: string) => (to.startsWith(prefix) ? to : prefix + to);

const SENT = [
  'sid',
  'status',
  'to',
  'from',
  'messagingServiceSid',
  'direction',
  'numSegments',
  'price',
  'priceUnit',
  'dateCreated',
] as const;
const THREADED = [...SENT, 'conversationId', 'notRecorded'] as const;
const LOGGED = ['sid', 'direction', 'from', 'to', 'status', 'body', 'numMedia', 'errorCode', 'dateSent'] as const;
const LOGS = 'twilio_messaging_get_message_logs';

const STATUSES = [
  'queued',
  'sending',
  'sent',
  'failed',
  'delivered',
  'undelivered',
  'receiving',
  'received',
  'accepted',
  'scheduled',
  'read',
  'canceled',
] as const;

export const messaging = domain({
  service: 'Messaging',
  summary: 'Send SMS, MMS and WhatsApp messages, read the message log and find out what became of one.',
  instructions:
    'Senders default to TWILIO_MESSAGING_SERVICE_SID or TWILIO_PHONE_NUMBER. A send only queues: follow it with get_message_status, ' +
    'which explains failures. Find past messages, inbound ones included, with get_message_logs.',
  tools: [
    tool({
      name: 'twilio_messaging_send_sms',
      title: 'Send SMS',
      description:
        'Send a text message to one phone. For pictures use send_mms, for WhatsApp send_whatsapp. It is queued: follow delivery with get_message_status.',
      effect: 'send',
      checkWith: LOGS,
      operations: ['api_v2010:CreateMessage'],
      input: () => ({
        to: e164('Recipient'),
        body: string('Message', 1600),
        mediaUrl: urls('Public media URLs, which make it an MMS', 10).optional(),
        ...delivery(),
      }),
      run: ({ to, body, mediaUrl, ...rest }, context) =>
        sendMessage({ to, body, mediaUrl, ...deliver(rest, context.config) }, context),
      returns: THREADED,
    }),
    tool({
      name: 'twilio_messaging_send_mms',
      title: 'Send MMS',
      description:
        'Send pictures or other media to a phone, with or without text (US, Canada and a few countries more). For text alone use send_sms.',
      effect: 'send',
      checkWith: LOGS,
      operations: ['api_v2010:CreateMessage'],
      input: () => ({
        to: e164('Recipient'),
        mediaUrl: urls('Public media URLs, 5 MB together', 10),
        body: string('Message', 1600).optional(),
        ...delivery(),
      }),
      run: ({ to, body, mediaUrl, ...rest }, context) =>
        sendMessage({ to, body, mediaUrl, ...deliver(rest, context.config) }, context),
      returns: THREADED,
    }),
    tool({
      name: 'twilio_messaging_send_whatsapp',
      title: 'Send WhatsApp message',
      description:
        'Send a WhatsApp message. More than 24 hours after the person last wrote, only an approved template (contentSid) is delivered.',
      effect: 'send',
      checkWith: LOGS,
      operations: ['api_v2010:CreateMessage'],
      input: () => ({
        to: address('Recipient, with or without whatsapp:'),
        body: string('Message, inside the 24-hour window', 1600).optional(),
        contentSid: sid('HX', 'Approved content template').optional(),
        contentVariables: jsonObject('Values of the template, as {"1": "Ada"}').optional(),
        mediaUrl: urls('Public URL of one media file', 1).optional(),
        ...delivery(),
      }),
      run: ({ to, body, contentSid, contentVariables, mediaUrl, ...rest }, context) => {
        if (!body && !contentSid && !mediaUrl)
          throw new ToolError('Nothing to send: give body, contentSid or mediaUrl.');
        const message = {
          to: prefixed(to, 'whatsapp:'),
          body,
          contentSid,
          contentVariables: contentVariables && JSON.stringify(contentVariables),
          mediaUrl,
          ...deliver(rest, context.config, 'whatsapp:'),
        };
        return sendMessage(message, context);
      },
      returns: THREADED,
    }),
    tool({
      name: LOGS,
      title: 'List messages',
      description:
        'List messages sent and received, newest first. Inbound ones: to = own number. For one message and why it failed use get_message_status.',
      effect: 'read',
      operations: ['api_v2010:ListMessage'],
      input: () => ({
        to: address('Only to this address').optional(),
        from: address('Only from this address').optional(),
        dateSentAfter: dateTime('Only sent at or after').optional(),
        dateSentBefore: dateTime('Only sent before').optional(),
        status: oneOf('Only in this state', STATUSES).optional(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, status, ...filters }, { twilio }) =>
        page(twilio.messages, filters, { limit, pageToken }, status && ((message) => message.status === status)),
      returns: LOGGED,
      untrusted: ['body'],
    }),
    tool({
      name: 'twilio_messaging_get_message_status',
      title: 'Get message status',
      description:
        'Fetch one message: its state, price and, if it failed, what the error code means and what to do. To search for messages use get_message_logs.',
      effect: 'read',
      operations: ['api_v2010:FetchMessage'],
      input: () => ({ messageSid: messageSid() }),
      run: async ({ messageSid }, { twilio }) => withMeaning(await twilio.messages(messageSid).fetch()),
      returns: [...SENT, 'body', 'numMedia', 'dateSent', 'errorCode', 'errorMessage', 'errorMeaning', 'errorRemedy'],
      untrusted: ['body'],
    }),
    tool({
      name: 'twilio_messaging_list_media',
      title: 'List media of a message',
      description: 'List the pictures and files of an MMS or WhatsApp message, with the URL of each.',
      effect: 'read',
      operations: ['api_v2010:ListMedia'],
      input: () => ({ messageSid: messageSid(), ...paging() }),
      run: async ({ messageSid, ...position }, { twilio }) =>
        (await page(twilio.messages(messageSid).media, {}, position)).map((media) => ({
          sid: media.sid,
          contentType: media.contentType,
          dateCreated: media.dateCreated,
          url: fileUrl(media.uri),
        })),
      returns: ['sid', 'contentType', 'dateCreated', 'url'],
    }),
    tool({
      name: 'twilio_messaging_cancel_message',
      title: 'Cancel scheduled message',
      description:
        'Cancel a message that was scheduled with sendAt and is not sent yet. A message that is on its way cannot be called back.',
      effect: 'update',
      operations: ['api_v2010:UpdateMessage'],
      input: () => ({ messageSid: messageSid() }),
      run: ({ messageSid }, { twilio }) => twilio.messages(messageSid).update({ status: 'canceled' }),
      returns: ['sid', 'status', 'to'],
    }),
    tool({
      name: 'twilio_messaging_redact_message',
      title: 'Redact message',
      description:
        'Erase the text of a message for good and keep its record. To remove the record as well use delete_message.',
      effect: 'update',
      operations: ['api_v2010:UpdateMessage'],
      input: () => ({ messageSid: messageSid() }),
      run: ({ messageSid }, context) => redactMessage(messageSid, context),
      returns: ['sid', 'status', 'to', 'copyRemains'],
    }),
    tool({
      name: 'twilio_messaging_delete_message',
      title: 'Delete message',
      description: 'Delete a message and its record from the log for good. To erase only its text use redact_message.',
      effect: 'delete',
      operations: ['api_v2010:DeleteMessage'],
      input: () => ({ messageSid: messageSid() }),
      run: ({ messageSid }, context) => deleteMessage(messageSid, context),
    }),
    ...ownNumbers,
  ],
});
