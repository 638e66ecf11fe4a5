import { ToolError, withMeaning } from '../../errors';
import { page, paging } from '../../paging';
import { jsonObject, oneOf, sid, string } from '../../params';
import { tool } from '../../tool';
import { conversation, firing, inService } from './scope';

const MESSAGES = 'twilio_conversations_list_messages';
const MESSAGE = [
  'sid',
  'index',
  'author',
  'body',
  'media',
  'attributes',
  'contentSid',
  'delivery',
  'participantSid',
  'dateCreated',
  'dateUpdated',
] as const;
const OUTSIDE = ['author', 'body', 'media', 'attributes'] as const;

const message = () => ({ messageSid: sid('IM', 'Message'), ...conversation() });
const body = () => string('Text', 1600);

export const messages = [
  tool({
    name: MESSAGES,
    title: 'List messages',
    description: 'Read what was said in a conversation. Files of a message: get_message.',
    effect: 'read',
    operations: ['conversations_v1:ListServiceConversationMessage', 'conversations_v1:ListConversationMessage'],
    input: () => ({
      order: oneOf('asc (default): oldest first', ['asc', 'desc']).optional(),
      ...conversation(),
      ...paging(),
    }),
    run: ({ chatServiceSid, conversationSid, order, ...position }, { twilio }) =>
      page(inService(twilio, chatServiceSid).conversations(conversationSid).messages, { order }, position),
    returns: MESSAGE,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_get_message',
    title: 'Get message',
    description:
      'Fetch one message, with the URL of each file, which asks for the login of the account. Whom it reached: list_receipts.',
    effect: 'read',
    operations: ['conversations_v1:FetchServiceConversationMessage', 'conversations_v1:FetchConversationMessage'],
    input: message,
    run: async ({ chatServiceSid, conversationSid, messageSid }, { twilio }) => {
      const conversation = inService(twilio, chatServiceSid).conversations(conversationSid);
      const message = await conversation.messages(messageSid).fetch();
      if (!message.media?.length) return message;
      const service = chatServiceSid ?? (await conversation.fetch()).chatServiceSid;
      const url = (media: string) => `https://mcs.us1.twilio.com/v1/Services/${service}/Media/${media}`;
      return Object.assign(message, { media: message.media.map((media) => ({ ...media, url: url(media.sid) })) });
    },
    returns: MESSAGE,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_send_message',
    title: 'Send message',
    description:
      'Write to all participants, by SMS, WhatsApp or chat. WhatsApp after 24 silent hours needs contentSid. Follow it with list_receipts.',
    effect: 'send',
    checkWith: MESSAGES,
    operations: ['conversations_v1:CreateServiceConversationMessage', 'conversations_v1:CreateConversationMessage'],
    input: () => ({
      ...conversation(),
      body: body().optional(),
      contentSid: sid('HX', 'Template, in place of body').optional(),
      contentVariables: jsonObject('Values of the template, as {"1": "Ada"}').optional(),
      author: string('Default system', 256).optional(),
      attributes: jsonObject('Own data').optional(),
      ...firing(),
    }),
    run: ({ chatServiceSid, conversationSid, contentVariables, attributes, ...rest }, { twilio }) => {
      if (!rest.body && !rest.contentSid) throw new ToolError('Nothing to send: give body or contentSid.');
      return inService(twilio, chatServiceSid)
        .conversations(conversationSid)
        .messages.create({
          ...rest,
          contentVariables: contentVariables && JSON.stringify(contentVariables),
          attributes: attributes && JSON.stringify(attributes),
        });
    },
    returns: ['sid', 'index', 'author', 'delivery', 'dateCreated'],
  }),
  tool({
    name: 'twilio_conversations_update_message',
    title: 'Update message',
    description: 'Change a message in chat. What went out by SMS or WhatsApp stays.',
    effect: 'update',
    operations: ['conversations_v1:UpdateServiceConversationMessage', 'conversations_v1:UpdateConversationMessage'],
    input: () => ({
      ...message(),
      body: body().optional(),
      attributes: jsonObject('Own data').optional(),
    }),
    run: ({ chatServiceSid, conversationSid, messageSid, body, attributes }, { twilio }) =>
      inService(twilio, chatServiceSid)
        .conversations(conversationSid)
        .messages(messageSid)
        .update({ body, attributes: attributes && JSON.stringify(attributes) }),
    returns: MESSAGE,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_delete_message',
    title: 'Delete message',
    description: 'Delete a message for good. What went out by SMS or WhatsApp stays.',
    effect: 'delete',
    operations: ['conversations_v1:DeleteServiceConversationMessage', 'conversations_v1:DeleteConversationMessage'],
    input: message,
    run: ({ chatServiceSid, conversationSid, messageSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).messages(messageSid).remove(),
  }),
  tool({
    name: 'twilio_conversations_list_receipts',
    title: 'List receipts',
    description: 'List whom a message reached and why not others, with what to do.',
    effect: 'read',
    operations: [
      'conversations_v1:ListServiceConversationMessageReceipt',
      'conversations_v1:ListConversationMessageReceipt',
    ],
    input: () => ({ ...message(), ...paging() }),
    run: async ({ chatServiceSid, conversationSid, messageSid, ...position }, { twilio }) => {
      const message = inService(twilio, chatServiceSid).conversations(conversationSid).messages(messageSid);
      return (await page(message.deliveryReceipts, {}, position)).map(withMeaning);
    },
    returns: [
      'sid',
      'participantSid',
      'status',
      'channelMessageSid',
      'errorCode',
      'errorMeaning',
      'errorRemedy',
      'dateUpdated',
    ],
  }),
];
