import type * as z from 'zod';
import { type Config, statusWebhook } from '../config';
import { ToolError } from '../errors';
import { E164 } from '../formats';
import { page, paging } from '../paging';
import {
  address,
  boolean,
  type Channel,
  channelOf,
  conversationId,
  dateTime,
  e164,
  integer,
  jsonObject,
  recipient,
  sid,
  someOf,
  string,
  stringList,
  timeRange,
  timeZone,
  url,
  urls,
  words,
} from '../params';
import { deleteMessage, redactMessage } from '../threads/erase';
import { sendMessage } from '../threads/send';
import { deletes, domain, reads, sends, type ToolContext, tool, updates } from '../tool';
import { fileUrl } from '../twilio';
import { listOptOuts } from './opt-outs';
import { incomingNumbers } from './phone-numbers/incoming-numbers';

const messageSid = (description: string) => sid('SM|MM', description);

/** The arguments that all sending tools share. */
const delivery = (...channels: Channel[]) => ({
  from: address(
    'Sender: Twilio number, short code or alphanumeric sender ID; default TWILIO_PHONE_NUMBER if no Messaging Service sends',
    channels,
  ).optional(),
  messagingServiceSid: sid(
    'MG',
    'Messaging Service that picks the sender; default TWILIO_MESSAGING_SERVICE_SID if `from` is absent or `sendAt` is set',
  ).optional(),
  statusCallback: url(
    'Called on each change of delivery state; default TWILIO_STATUS_CALLBACK_URL, else the Messaging Service’s own, else this server',
  ).optional(),
  sendAt: dateTime('Time to send, 5 minutes to 35 days ahead; needs a Messaging Service').optional(),
  ...timeZone(),
  validityPeriod: integer('Seconds the message may stay queued; default 36000', 1, 36000).optional(),
  conversationId: conversationId(
    'Thread that records the message; default the thread of sender and recipient',
  ).optional(),
});

const template = () => ({
  contentSid: sid('HX', 'Template to send, on WhatsApp an approved one').optional(),
  contentVariables: jsonObject('Values for the placeholders of the template, such as {"1": "Ada"}').optional(),
});

type Message = z.output<z.ZodObject<ReturnType<typeof delivery>>> & {
  to: string;
  body?: string;
  mediaUrl?: string[];
  contentSid?: string;
};

/**
 * Returns the delivery arguments with the deployment's defaults, as the Twilio client takes them.
 * @throws ToolError if there is no sender, or no Messaging Service for `sendAt`
 */
function deliver({ from, messagingServiceSid, sendAt, ...rest }: Message, config: Config) {
  const channel = channelOf(rest.to);
  const service = messagingServiceSid ?? (from === undefined || sendAt ? config.messagingServiceSid : undefined);
  // The senders of other channels are no phone numbers.
  const takesNumber = /^(whatsapp:)?$/.test(channel);
  const sender = from ?? (service === undefined && takesNumber ? config.phoneNumber : undefined);
  if (sender === undefined ? service === undefined : !takesNumber && E164.test(sender)) {
    const orSet = channel === '' ? ', or set TWILIO_PHONE_NUMBER' : ` of the channel ${channel}`;
    throw new ToolError(`No sender; nothing was sent. Pass \`from\` or \`messagingServiceSid\`${orSet}.`);
  }
  if (sendAt && service === undefined) {
    throw new ToolError(
      '`sendAt` needs a Messaging Service; nothing was sent. Pass `messagingServiceSid`: twilio_phone_numbers_get_phone_number shows that of a number.',
    );
  }
  // A callback of the message replaces that of its Messaging Service.
  const tracked = service === undefined || config.trackMessagingServices;
  return {
    ...rest,
    statusCallback: rest.statusCallback ?? config.statusCallbackUrl ?? (tracked ? statusWebhook(config) : undefined),
    ...(sender !== undefined && { from: prefixed(sender, channel) }),
    ...(service !== undefined && { messagingServiceSid: service }),
    ...(sendAt && { sendAt, scheduleType: 'fixed' as const }),
  };
}

const prefixed = (address: string, channel: string) => (channelOf(address) ? address : channel + address);

/** Sends by the channel of the recipient. Throws a `ToolError` if there is nothing to send. */
function send(
  { contentVariables, ...message }: Message & { contentVariables?: Record<string, unknown> },
  context: ToolContext,
) {
  if (!message.body && !message.contentSid && !message.mediaUrl)
    throw new ToolError('Nothing to send; nothing was sent. Pass `body`, `contentSid` or `mediaUrl`.');
  const variables = contentVariables && JSON.stringify(contentVariables);
  return sendMessage({ ...deliver(message, context.config), contentVariables: variables }, context);
}

const SENT = words('sid status to from messagingServiceSid direction numSegments price priceUnit dateCreated');
/** `messageSid` is `sid`, by the name that other tools and threads give it. */
const THREADED = [...SENT, 'messageSid', 'conversationId', 'notRecorded'] as const;
const LOGGED = words(
  'sid direction from to status body numMedia numSegments errorCode dateSent dateCreated price priceUnit messagingServiceSid',
);
const LOGS = 'twilio_messaging_get_message_logs';

const STATUSES = words(
  'queued sending sent failed delivered partially_delivered undelivered receiving received accepted scheduled read canceled',
);

export const messaging = domain({
  service: 'Messaging',
  summary: 'Send SMS, MMS, WhatsApp, RCS and Messenger messages, search the message log and see why a message failed.',
  instructions:
    'The sender defaults to TWILIO_MESSAGING_SERVICE_SID, else TWILIO_PHONE_NUMBER. Sending only queues a message: get_message_status ' +
    'shows its delivery and explains failures. Find past messages, inbound ones included, with get_message_logs.',
  tools: [
    tool({
      name: 'twilio_messaging_send_sms',
      title: 'Send SMS, RCS or Messenger message',
      description:
        'Send a text or a template to one person by SMS, RCS or Messenger. Use send_mms for media and send_whatsapp for WhatsApp. The message is only queued: check its delivery with get_message_status.',
      ...sends({ checkWith: LOGS }, 'api_v2010:CreateMessage', 'api_v2010:ListMessage'),
      input: () => ({
        to: recipient(
          'Recipient; rcs: excludes SMS, a plain number tries RCS first if the Messaging Service has it',
          ['rcs', 'messenger'],
          'for whatsapp: use send_whatsapp',
        ),
        body: string(
          'Text, unless contentSid is given; long texts are split into segments, each charged',
          1600,
        ).optional(),
        mediaUrl: urls('Publicly reachable media files, which turn the message into an MMS', 10).optional(),
        ...template(),
        smartEncoded: boolean('Replace typographic characters, which halve the size of a segment').optional(),
        fallbackFrom: address(
          'SMS sender if RCS does not reach the recipient; needs a Messaging Service',
          [],
        ).optional(),
        shortenUrls: boolean('Shorten links, if the Messaging Service has a domain for them').optional(),
        ...delivery('rcs', 'messenger'),
      }),
      run: send,
      returns: THREADED,
    }),
    tool({
      name: 'twilio_messaging_send_mms',
      title: 'Send MMS',
      description:
        'Send images or other media to one phone, with or without text. MMS works in the US, Canada and a few other countries. For text alone use send_sms.',
      ...sends({ checkWith: LOGS }, 'api_v2010:CreateMessage', 'api_v2010:ListMessage'),
      input: () => ({
        to: e164('Recipient'),
        mediaUrl: urls('Publicly reachable media files, 5 MB in total', 10),
        body: string('Text sent with the media', 1600).optional(),
        ...delivery(),
      }),
      run: send,
      returns: THREADED,
    }),
    tool({
      name: 'twilio_messaging_send_whatsapp',
      title: 'Send WhatsApp message',
      description:
        'Send a WhatsApp message. More than 24 hours after the recipient last wrote, only an approved template (contentSid) is delivered. For SMS use send_sms.',
      ...sends({ checkWith: LOGS }, 'api_v2010:CreateMessage', 'api_v2010:ListMessage'),
      input: () => ({
        to: recipient('Recipient', ['whatsapp'], 'for rcs: and messenger: use send_sms'),
        body: string('Free-form text, only within 24 hours of the recipient’s last message', 1600).optional(),
        ...template(),
        mediaUrl: urls('One publicly reachable media file', 1).optional(),
        persistentAction: stringList(
          'Location to send, such as ["geo:37.79,-122.39|Office"]; body names it',
          1,
        ).optional(),
        ...delivery('whatsapp'),
      }),
      run: ({ to, ...rest }, context) => send({ to: prefixed(to, 'whatsapp:'), ...rest }, context),
      returns: THREADED,
    }),
    tool({
      name: LOGS,
      title: 'List message log',
      description:
        'List sent and received messages, newest first, with prices and what error codes mean. For inbound messages set `to` to one of the account’s numbers. For one message use get_message_status.',
      ...reads('api_v2010:ListMessage'),
      input: () => ({
        to: address('Only messages to this address').optional(),
        from: address('Only messages from this address').optional(),
        ...timeRange({
          from: ['dateSentAfter', 'Only messages sent at or after this time'],
          until: ['dateSentBefore', 'Only messages sent at or before this time'],
        }),
        status: someOf(
          'Only messages in these states: undelivered and failed are those that did not arrive',
          STATUSES,
        ).optional(),
        bodyContains: string('Only messages that contain this text; case-insensitive', 200).optional(),
        ...paging(1000),
      }),
      run: async ({ status, bodyContains, ...filters }, { twilio, deadline }) => {
        const wanted: readonly string[] | undefined = status;
        const text = bodyContains?.toLowerCase();
        const search = wanted !== undefined || text !== undefined;
        const messages = await page(
          twilio.messages,
          filters,
          search
            ? {
                keep: ({ status, body }) =>
                  (wanted?.includes(status) ?? true) && (body ?? '').toLowerCase().includes(text ?? ''),
                deadline,
                dateOf: ({ dateSent, dateCreated }) => dateSent ?? dateCreated,
              }
            : undefined,
        );
        // Only messages that were never sent need another date.
        return messages.map((message) => (message.dateSent ? Object.assign(message, { dateCreated: null }) : message));
      },
      returns: LOGGED,
      untrusted: ['from', 'body'],
    }),
    tool({
      name: 'twilio_messaging_get_message_status',
      title: 'Get message status',
      description:
        'Fetch one message: its state, price and, if it failed, the meaning of the error code and how to fix it. To search messages use get_message_logs.',
      ...reads('api_v2010:FetchMessage'),
      input: () => ({ messageSid: messageSid('Message to fetch') }),
      run: ({ messageSid }, { twilio }) => twilio.messages(messageSid).fetch(),
      returns: [...SENT, 'body', 'numMedia', 'dateSent', 'errorCode', 'errorMessage'],
      untrusted: ['from', 'body'],
    }),
    tool({
      name: 'twilio_messaging_list_media',
      title: 'List message media',
      description: 'List the media files of an MMS or WhatsApp message, with the URL of each.',
      ...reads('api_v2010:ListMedia'),
      input: () => ({ messageSid: messageSid('Message with media'), ...paging() }),
      run: async ({ messageSid, ...position }, { twilio }) =>
        (await page(twilio.messages(messageSid).media, position)).map((media) => ({
          sid: media.sid,
          contentType: media.contentType,
          dateCreated: media.dateCreated,
          url: fileUrl(twilio, media.uri),
        })),
      returns: ['sid', 'contentType', 'dateCreated', 'url'],
    }),
    tool({
      name: 'twilio_messaging_cancel_message',
      title: 'Cancel scheduled message',
      description:
        'Cancel a message that was scheduled with sendAt and has not been sent yet. A message that is already on its way cannot be recalled.',
      ...updates('api_v2010:UpdateMessage'),
      input: () => ({ messageSid: messageSid('Scheduled message to cancel') }),
      run: ({ messageSid }, { twilio }) => twilio.messages(messageSid).update({ status: 'canceled' }),
      returns: ['sid', 'status', 'to'],
    }),
    tool({
      name: 'twilio_messaging_redact_message',
      title: 'Redact message',
      description:
        'Permanently erase the text of a message and keep its record. To delete the record as well use delete_message.',
      ...deletes('api_v2010:UpdateMessage'),
      input: () => ({ messageSid: messageSid('Message whose text is erased') }),
      run: ({ messageSid }, context) => redactMessage(messageSid, context),
      returns: ['sid', 'status', 'to', 'copyRemains'],
    }),
    tool({
      name: 'twilio_messaging_delete_message',
      title: 'Delete message from log',
      description:
        'Permanently delete a message and its record from the log. To erase only its text use redact_message.',
      ...deletes('api_v2010:DeleteMessage'),
      input: () => ({ messageSid: messageSid('Message to delete') }),
      run: ({ messageSid }, context) => deleteMessage(messageSid, context),
    }),
    listOptOuts,
    ...incomingNumbers,
  ],
});
