import * as z from 'zod';
import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { address, date, jsonObject, oneOf, sid, string } from '../../params';
import { tool } from '../../tool';
import { conversation, inService, service } from './scope';

const CONVERSATIONS = 'twilio_conversations_list_conversations';
const STATES = ['active', 'inactive', 'closed'] as const;
const CONVERSATION = [
  'sid',
  'friendlyName',
  'uniqueName',
  'state',
  'attributes',
  'timers',
  'chatServiceSid',
  'messagingServiceSid',
  'dateCreated',
  'dateUpdated',
] as const;
/** People in a chat may rename their conversation. */
const OUTSIDE = ['friendlyName', 'attributes'] as const;

const duration = (description: string) =>
  z
    .string()
    .regex(/^P[0-9DTHMS]+$/, 'must be a duration, such as PT30M or P2D')
    .describe(description);

const settings = () => ({
  friendlyName: string('Name', 256).optional(),
  uniqueName: string('Unique name', 256).optional(),
  attributes: jsonObject('Own data, replaced as a whole').optional(),
  messagingServiceSid: sid('MG', 'Messaging Service').optional(),
  'timers.inactive': duration('Idle until inactive, from PT1M').optional(),
  'timers.closed': duration('Idle until closed, from PT10M').optional(),
});

/** Twilio filters by whole days, given as their first and their last second. */
const instant = (date: Date | undefined, time: string) => date && `${date.toISOString().slice(0, 10)}T${time}Z`;

export const conversations = [
  tool({
    name: CONVERSATIONS,
    title: 'List conversations',
    description: 'List conversations. Of one person: find_conversations.',
    effect: 'read',
    operations: ['conversations_v1:ListServiceConversation', 'conversations_v1:ListConversation'],
    input: () => ({
      state: oneOf('State', STATES).optional(),
      startDate: date('Created from').optional(),
      endDate: date('Created until').optional(),
      ...service(),
      ...paging(),
    }),
    run: ({ chatServiceSid, state, startDate, endDate, ...position }, { twilio }) =>
      page(
        inService(twilio, chatServiceSid).conversations,
        { state, startDate: instant(startDate, '00:00:00'), endDate: instant(endDate, '23:59:59') },
        position,
      ),
    returns: CONVERSATION,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_find_conversations',
    title: 'Find conversations',
    description:
      'List the conversations of one person, by address or identity; also to see why add_participant fails with 50416.',
    effect: 'read',
    operations: ['conversations_v1:ListServiceParticipantConversation', 'conversations_v1:ListParticipantConversation'],
    input: () => ({
      address: address('Number or address').optional(),
      identity: string('Chat identity', 256).optional(),
      ...service(),
      ...paging(),
    }),
    run: ({ chatServiceSid, address, identity, ...position }, { twilio }) => {
      if ((address === undefined) === (identity === undefined)) {
        throw new ToolError('Give exactly one of address and identity.');
      }
      return page(inService(twilio, chatServiceSid).participantConversations, { address, identity }, position);
    },
    returns: [
      'conversationSid',
      'conversationFriendlyName',
      'conversationUniqueName',
      'conversationState',
      'conversationDateUpdated',
      'participantSid',
      'participantMessagingBinding',
      'chatServiceSid',
    ],
    untrusted: ['conversationFriendlyName', 'participantMessagingBinding'],
  }),
  tool({
    name: 'twilio_conversations_get_conversation',
    title: 'Get conversation',
    description: 'Fetch one conversation. What was said: list_messages.',
    effect: 'read',
    operations: ['conversations_v1:FetchServiceConversation', 'conversations_v1:FetchConversation'],
    input: conversation,
    run: ({ conversationSid, chatServiceSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).fetch(),
    returns: CONVERSATION,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_create_conversation',
    title: 'Create conversation',
    description: 'Create an empty conversation, to be filled by add_participant.',
    effect: 'create',
    checkWith: CONVERSATIONS,
    operations: ['conversations_v1:CreateServiceConversation', 'conversations_v1:CreateConversation'],
    input: () => ({
      // Timers are refused without a state.
      state: oneOf('State', ['active', 'inactive']).default('active'),
      ...settings(),
      ...service(),
    }),
    run: ({ chatServiceSid, attributes, ...rest }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations.create({
        ...rest,
        attributes: attributes && JSON.stringify(attributes),
      }),
    returns: CONVERSATION,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_update_conversation',
    title: 'Update conversation',
    description: 'Rename or close a conversation, or change its data and timers.',
    effect: 'update',
    operations: ['conversations_v1:UpdateServiceConversation', 'conversations_v1:UpdateConversation'],
    input: () => ({ ...conversation(), state: oneOf('closed is final', STATES).optional(), ...settings() }),
    run: ({ chatServiceSid, conversationSid, attributes, ...rest }, { twilio }) =>
      inService(twilio, chatServiceSid)
        .conversations(conversationSid)
        .update({ ...rest, attributes: attributes && JSON.stringify(attributes) }),
    returns: CONVERSATION,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_delete_conversation',
    title: 'Delete conversation',
    description:
      'Delete a conversation and its messages for good. To only end it use update_conversation, state closed.',
    effect: 'delete',
    operations: ['conversations_v1:DeleteServiceConversation', 'conversations_v1:DeleteConversation'],
    input: conversation,
    run: ({ chatServiceSid, conversationSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).remove(),
  }),
];
