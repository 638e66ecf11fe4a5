import * as z from 'zod';
import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { address, clearableSid, dayRange, jsonObject, oneOf, string, words } from '../../params';
import { creates, deletes, reads, tool, updates } from '../../tool';
import { conversation, inService, service } from './shared';

const CONVERSATIONS = 'twilio_conversations_list_conversations';
const STATES = ['active', 'inactive', 'closed'] as const;
const CONVERSATION = words(
  'sid friendlyName uniqueName state attributes timers chatServiceSid messagingServiceSid dateCreated dateUpdated',
);
/** Chat users can rename their conversation. */
const UNTRUSTED = ['friendlyName', 'attributes'] as const;

const duration = (description: string) =>
  z
    .string()
    .regex(/^P[0-9DTHMS]+$/, 'must be a duration, such as PT30M or P2D')
    .describe(description);

const settings = () => ({
  friendlyName: string('Display name of the conversation', 256).optional(),
  uniqueName: string('Unique name, usable in place of the SID', 256).optional(),
  attributes: jsonObject('Custom data; an update replaces all of it').optional(),
  messagingServiceSid: clearableSid('MG', 'Messaging Service the conversation belongs to').optional(),
  'timers.inactive': duration('Idle time until the state is inactive, such as PT30M; at least PT1M').optional(),
  'timers.closed': duration('Idle time until the state is closed, such as P2D; at least PT10M').optional(),
});

/** Twilio filters by whole days, sent as their first and last second. */
const dayBoundary = (date: Date | undefined, time: string) => date && `${date.toISOString().slice(0, 10)}T${time}Z`;

export const conversations = [
  tool({
    name: CONVERSATIONS,
    title: 'List multi-party conversations',
    description: 'List conversations. For those of one person use find_conversations.',
    ...reads('conversations_v1:ListServiceConversation', 'conversations_v1:ListConversation'),
    input: () => ({
      state: oneOf('Only conversations in this state', ['initializing', ...STATES]).optional(),
      ...dayRange({
        from: ['startDate', 'Only created on or after this day'],
        until: ['endDate', 'Only created on or before this day'],
      }),
      ...service(),
      ...paging(100),
    }),
    run: ({ chatServiceSid, state, startDate, endDate, ...position }, { twilio }) =>
      page(inService(twilio, chatServiceSid).conversations, {
        state,
        startDate: dayBoundary(startDate, '00:00:00'),
        endDate: dayBoundary(endDate, '23:59:59'),
        ...position,
      }),
    returns: CONVERSATION,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_find_conversations',
    title: 'Find conversations of one person',
    description:
      'List the conversations of one person, by address or identity. Use it also to find the conflict if add_participant fails with error 50416.',
    ...reads('conversations_v1:ListServiceParticipantConversation', 'conversations_v1:ListParticipantConversation'),
    input: () => ({
      address: address('Address of the person').optional(),
      identity: string('Chat identity of the person, in place of address', 256).optional(),
      ...service(),
      ...paging(50),
    }),
    run: ({ chatServiceSid, address, identity, ...position }, { twilio }) => {
      if ((address === undefined) === (identity === undefined)) {
        throw new ToolError('Pass exactly one of `address` and `identity`; nothing was read.');
      }
      return page(inService(twilio, chatServiceSid).participantConversations, { address, identity, ...position });
    },
    returns: words(
      'conversationSid conversationFriendlyName conversationUniqueName conversationState conversationDateUpdated participantSid participantMessagingBinding chatServiceSid',
    ),
    untrusted: ['conversationFriendlyName', 'participantMessagingBinding'],
  }),
  tool({
    name: 'twilio_conversations_get_conversation',
    title: 'Get multi-party conversation',
    description: 'Fetch one conversation. For its messages use list_messages.',
    ...reads('conversations_v1:FetchServiceConversation', 'conversations_v1:FetchConversation'),
    input: conversation,
    run: ({ conversationSid, chatServiceSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).fetch(),
    returns: CONVERSATION,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_create_conversation',
    title: 'Create multi-party conversation',
    description: 'Create an empty conversation. Then call add_participant for each person.',
    ...creates(
      { checkWith: CONVERSATIONS },
      'conversations_v1:CreateServiceConversation',
      'conversations_v1:CreateConversation',
    ),
    input: () => ({
      // Twilio rejects timers without a state.
      state: oneOf('Initial state', ['active', 'inactive']).default('active'),
      ...settings(),
      ...service(),
    }),
    run: ({ chatServiceSid, attributes, ...rest }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations.create({
        ...rest,
        attributes: attributes && JSON.stringify(attributes),
      }),
    returns: CONVERSATION,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_update_conversation',
    title: 'Update multi-party conversation',
    description: 'Rename or close a conversation, or change its data and timers. Closing is final.',
    ...updates('conversations_v1:UpdateServiceConversation', 'conversations_v1:UpdateConversation'),
    input: () => ({ ...conversation(), state: oneOf('New state; closed is final', STATES).optional(), ...settings() }),
    run: ({ chatServiceSid, conversationSid, attributes, ...rest }, { twilio }) =>
      inService(twilio, chatServiceSid)
        .conversations(conversationSid)
        .update({ ...rest, attributes: attributes && JSON.stringify(attributes) }),
    returns: CONVERSATION,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_delete_conversation',
    title: 'Delete multi-party conversation',
    description:
      'Permanently delete a conversation and its messages. To end it but keep the messages use update_conversation with state closed.',
    ...deletes('conversations_v1:DeleteServiceConversation', 'conversations_v1:DeleteConversation'),
    input: conversation,
    run: ({ chatServiceSid, conversationSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).remove(),
  }),
];
