import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { jsonObject, oneOf, sid, string, words } from '../../params';
import { deletes, reads, sends, tool, updates } from '../../tool';
import { attachmentUrl } from '../../twilio';
import { conversation, inService, webhookHeader } from './shared';

const MESSAGES = 'twilio_conversations_list_messages';
const MESSAGE = words(
  'sid index author body media attributes contentSid delivery participantSid dateCreated dateUpdated',
);
const UNTRUSTED = ['author', 'body', 'media', 'attributes'] as const;

const message = () => ({ messageSid: sid('IM', 'Message in the conversation; from list_messages'), ...conversation() });
const body = () => string('Text of the message', 1600);

export const messages = [
  tool({
    name: MESSAGES,
    title: 'List conversation messages',
    description: 'List the messages of a conversation. For the URLs of attached files use get_message.',
    ...reads('conversations_v1:ListServiceConversationMessage', 'conversations_v1:ListConversationMessage'),
    input: () => ({
      order: oneOf('asc returns the oldest first, desc the newest; default asc', ['asc', 'desc']).optional(),
      ...conversation(),
      ...paging(100),
    }),
    run: ({ chatServiceSid, conversationSid, order, ...position }, { twilio }) =>
      page(inService(twilio, chatServiceSid).conversations(conversationSid).messages, { order, ...position }),
    returns: MESSAGE,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_get_message',
    title: 'Get conversation message',
    description:
      'Fetch one message with the URL of each attached file, which requires the credentials of the account. To see whom it reached use list_receipts.',
    ...reads('conversations_v1:FetchServiceConversationMessage', 'conversations_v1:FetchConversationMessage'),
    input: message,
    run: async ({ chatServiceSid, conversationSid, messageSid }, { twilio }) => {
      const conversation = inService(twilio, chatServiceSid).conversations(conversationSid);
      const message = await conversation.messages(messageSid).fetch();
      if (!message.media?.length) return message;
      const service = chatServiceSid ?? (await conversation.fetch()).chatServiceSid;
      const media = message.media.map((file) => ({ ...file, url: attachmentUrl(twilio, service, file.sid) }));
      return Object.assign(message, { media });
    },
    returns: MESSAGE,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_send_message',
    title: 'Send conversation message',
    description:
      'Send a message to all participants of a conversation, by SMS, WhatsApp or chat. A WhatsApp participant silent for 24 hours receives only a template (contentSid). Check delivery with list_receipts.',
    ...sends(
      { checkWith: MESSAGES },
      'conversations_v1:CreateServiceConversationMessage',
      'conversations_v1:CreateConversationMessage',
    ),
    input: () => ({
      ...conversation(),
      body: body().optional(),
      contentSid: sid('HX', 'Template to send in place of body').optional(),
      contentVariables: jsonObject('Values of the template variables, such as {"1": "Ada"}').optional(),
      author: string('Author shown with the message; default system', 256).optional(),
      attributes: jsonObject('Custom data to store with the message').optional(),
      ...webhookHeader(),
    }),
    run: ({ chatServiceSid, conversationSid, contentVariables, attributes, ...rest }, { twilio }) => {
      if (!rest.body && !rest.contentSid) throw new ToolError('Nothing to send: pass `body` or `contentSid`.');
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
    title: 'Update conversation message',
    description: 'Edit a message for chat participants. Copies already sent by SMS or WhatsApp do not change.',
    ...updates('conversations_v1:UpdateServiceConversationMessage', 'conversations_v1:UpdateConversationMessage'),
    input: () => ({
      ...message(),
      body: body().optional(),
      attributes: jsonObject('Custom data; replaces all of it').optional(),
    }),
    run: ({ chatServiceSid, conversationSid, messageSid, body, attributes }, { twilio }) =>
      inService(twilio, chatServiceSid)
        .conversations(conversationSid)
        .messages(messageSid)
        .update({ body, attributes: attributes && JSON.stringify(attributes) }),
    returns: MESSAGE,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_delete_message',
    title: 'Delete conversation message',
    description: 'Permanently delete a message of a conversation. Copies already sent by SMS or WhatsApp remain.',
    ...deletes('conversations_v1:DeleteServiceConversationMessage', 'conversations_v1:DeleteConversationMessage'),
    input: message,
    run: ({ chatServiceSid, conversationSid, messageSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).messages(messageSid).remove(),
  }),
  tool({
    name: 'twilio_conversations_list_receipts',
    title: 'List conversation message receipts',
    description: 'List the delivery status of a message per participant, with the meaning and remedy of errors.',
    ...reads(
      'conversations_v1:ListServiceConversationMessageReceipt',
      'conversations_v1:ListConversationMessageReceipt',
    ),
    input: () => ({ ...message(), ...paging(50) }),
    run: async ({ chatServiceSid, conversationSid, messageSid, ...position }, { twilio }) => {
      const message = inService(twilio, chatServiceSid).conversations(conversationSid).messages(messageSid);
      return page(message.deliveryReceipts, position);
    },
    returns: words('sid participantSid status channelMessageSid errorCode dateUpdated'),
  }),
];
