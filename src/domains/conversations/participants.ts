import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { address, integer, jsonObject, pathName, sid, string, words } from '../../params';
import { deletes, grants, reads, tool } from '../../tool';
import { conversation, inService, webhookHeader } from './shared';

const PARTICIPANTS = 'twilio_conversations_list_participants';
const PARTICIPANT = words(
  'sid identity messagingBinding roleSid attributes lastReadMessageIndex lastReadTimestamp dateCreated',
);
const UNTRUSTED = ['identity', 'messagingBinding', 'attributes'] as const;

const participant = () => ({ participantSid: sid('MB', 'Participant of the conversation'), ...conversation() });

const settings = () => ({
  'messagingBinding.proxyAddress': address('Number or sender of the account that the person sees').optional(),
  roleSid: sid('RL', 'Role of type conversation; from list_roles').optional(),
  attributes: jsonObject('Custom data; an update replaces all of it').optional(),
});

export const participants = [
  tool({
    name: PARTICIPANTS,
    title: 'List conversation participants',
    description: 'List the participants of a conversation. For the conversations of one person use find_conversations.',
    ...reads('conversations_v1:ListServiceConversationParticipant', 'conversations_v1:ListConversationParticipant'),
    input: () => ({ ...conversation(), ...paging(100) }),
    run: ({ chatServiceSid, conversationSid, ...position }, { twilio }) =>
      page(inService(twilio, chatServiceSid).conversations(conversationSid).participants, position),
    returns: PARTICIPANT,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_get_participant',
    title: 'Get conversation participant',
    description: 'Fetch one participant of a conversation. To find it use list_participants.',
    ...reads('conversations_v1:FetchServiceConversationParticipant', 'conversations_v1:FetchConversationParticipant'),
    input: () => ({ participantSid: pathName('Participant SID (MB…) or chat identity'), ...conversation() }),
    run: ({ chatServiceSid, conversationSid, participantSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).participants(participantSid).fetch(),
    returns: PARTICIPANT,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_add_participant',
    title: 'Add conversation participant',
    description:
      'Add a person to a conversation: with address and proxyAddress for SMS or WhatsApp (for WhatsApp both start with whatsapp:), with identity for chat. For a group MMS omit proxyAddress.',
    ...grants(
      { checkWith: PARTICIPANTS },
      'conversations_v1:CreateServiceConversationParticipant',
      'conversations_v1:CreateConversationParticipant',
    ),
    input: () => ({
      ...conversation(),
      'messagingBinding.address': address('Address of the person, for SMS or WhatsApp').optional(),
      identity: string('Chat identity of the person, in place of the address', 256).optional(),
      'messagingBinding.projectedAddress': address('Account number of a chat user in group MMS', []).optional(),
      ...settings(),
      ...webhookHeader(),
    }),
    run: ({ chatServiceSid, conversationSid, attributes, ...rest }, { twilio }) => {
      if ((rest.identity === undefined) === (rest['messagingBinding.address'] === undefined)) {
        throw new ToolError('Pass exactly one of `identity` and `messagingBinding.address`; no participant was added.');
      }
      return inService(twilio, chatServiceSid)
        .conversations(conversationSid)
        .participants.create({ ...rest, attributes: attributes && JSON.stringify(attributes) });
    },
    returns: PARTICIPANT,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_update_participant',
    title: 'Update conversation participant',
    description:
      'Change the role, data, proxy address or read position of a participant. To change the address use remove_participant, then add_participant.',
    ...grants(
      { checkWith: 'twilio_conversations_get_participant' },
      'conversations_v1:UpdateServiceConversationParticipant',
      'conversations_v1:UpdateConversationParticipant',
    ),
    input: () => ({
      ...participant(),
      ...settings(),
      lastReadMessageIndex: integer('Index of the last message they have read', 0, 2_147_483_647).optional(),
    }),
    run: ({ chatServiceSid, conversationSid, participantSid, attributes, ...rest }, { twilio }) =>
      inService(twilio, chatServiceSid)
        .conversations(conversationSid)
        .participants(participantSid)
        .update({ ...rest, attributes: attributes && JSON.stringify(attributes) }),
    returns: PARTICIPANT,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_remove_participant',
    title: 'Remove conversation participant',
    description: 'Remove a person from a conversation. Its messages are kept.',
    ...deletes(
      'conversations_v1:DeleteServiceConversationParticipant',
      'conversations_v1:DeleteConversationParticipant',
    ),
    input: participant,
    run: ({ chatServiceSid, conversationSid, participantSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).participants(participantSid).remove(),
  }),
];
