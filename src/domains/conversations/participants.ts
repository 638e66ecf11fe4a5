import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { address, integer, jsonObject, pathName, sid, string } from '../../params';
import { tool } from '../../tool';
import { conversation, firing, inService } from './scope';

const PARTICIPANTS = 'twilio_conversations_list_participants';
const PARTICIPANT = [
  'sid',
  'identity',
  'messagingBinding',
  'roleSid',
  'attributes',
  'lastReadMessageIndex',
  'lastReadTimestamp',
  'dateCreated',
] as const;
const OUTSIDE = ['identity', 'messagingBinding', 'attributes'] as const;

const participant = () => ({ participantSid: sid('MB', 'Participant'), ...conversation() });

const settings = () => ({
  'messagingBinding.proxyAddress': address('Own number that the person sees').optional(),
  roleSid: sid('RL', 'Role').optional(),
  attributes: jsonObject('Own data').optional(),
});

export const participants = [
  tool({
    name: PARTICIPANTS,
    title: 'List participants',
    description: 'List who is in a conversation.',
    effect: 'read',
    operations: ['conversations_v1:ListServiceConversationParticipant', 'conversations_v1:ListConversationParticipant'],
    input: () => ({ ...conversation(), ...paging() }),
    run: ({ chatServiceSid, conversationSid, ...position }, { twilio }) =>
      page(inService(twilio, chatServiceSid).conversations(conversationSid).participants, {}, position),
    returns: PARTICIPANT,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_get_participant',
    title: 'Get participant',
    description: 'Fetch one participant of a conversation.',
    effect: 'read',
    operations: [
      'conversations_v1:FetchServiceConversationParticipant',
      'conversations_v1:FetchConversationParticipant',
    ],
    input: () => ({ participantSid: pathName('SID or chat identity'), ...conversation() }),
    run: ({ chatServiceSid, conversationSid, participantSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).participants(participantSid).fetch(),
    returns: PARTICIPANT,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_add_participant',
    title: 'Add participant',
    description:
      'Add a person: by address and proxyAddress for SMS or WhatsApp (both with whatsapp:), by identity for chat. In a group MMS leave proxyAddress out.',
    effect: 'create',
    checkWith: PARTICIPANTS,
    operations: [
      'conversations_v1:CreateServiceConversationParticipant',
      'conversations_v1:CreateConversationParticipant',
    ],
    input: () => ({
      ...conversation(),
      'messagingBinding.address': address('Person').optional(),
      identity: string('Chat identity', 256).optional(),
      'messagingBinding.projectedAddress': address('Own number of a chat user in a group MMS').optional(),
      ...settings(),
      ...firing(),
    }),
    run: ({ chatServiceSid, conversationSid, attributes, ...rest }, { twilio }) => {
      if ((rest.identity === undefined) === (rest['messagingBinding.address'] === undefined)) {
        throw new ToolError('Give exactly one of identity and messagingBinding.address; nobody was added.');
      }
      return inService(twilio, chatServiceSid)
        .conversations(conversationSid)
        .participants.create({ ...rest, attributes: attributes && JSON.stringify(attributes) });
    },
    returns: PARTICIPANT,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_update_participant',
    title: 'Update participant',
    description: 'Change role, data, own number or read mark of a participant. For another address add it anew.',
    effect: 'update',
    operations: [
      'conversations_v1:UpdateServiceConversationParticipant',
      'conversations_v1:UpdateConversationParticipant',
    ],
    input: () => ({
      ...participant(),
      ...settings(),
      lastReadMessageIndex: integer('Last message read', 0, 2_147_483_647).optional(),
    }),
    run: ({ chatServiceSid, conversationSid, participantSid, attributes, ...rest }, { twilio }) =>
      inService(twilio, chatServiceSid)
        .conversations(conversationSid)
        .participants(participantSid)
        .update({ ...rest, attributes: attributes && JSON.stringify(attributes) }),
    returns: PARTICIPANT,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_remove_participant',
    title: 'Remove participant',
    description: 'Take a person out of a conversation. What was said stays.',
    effect: 'delete',
    operations: [
      'conversations_v1:DeleteServiceConversationParticipant',
      'conversations_v1:DeleteConversationParticipant',
    ],
    input: participant,
    run: ({ chatServiceSid, conversationSid, participantSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).participants(participantSid).remove(),
  }),
];
