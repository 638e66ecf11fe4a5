import { page, paging } from '../../paging';
import { sid, string } from '../../params';
import { domain, tool } from '../../tool';
import { connections } from './connections';
import { conversations as threads } from './conversations';
import { messages } from './messages';
import { participants } from './participants';
import { users } from './users';

const SERVICES = 'twilio_conversations_list_services';
const SERVICE = ['sid', 'friendlyName', 'dateCreated'] as const;
const chatServiceSid = () => sid('IS', 'Service');

const services = [
  tool({
    name: SERVICES,
    title: 'List services',
    description: 'List services. Each has its own conversations and users.',
    effect: 'read',
    operations: ['conversations_v1:ListService'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.conversations.v1.services, {}, position),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_conversations_get_service',
    title: 'Get service',
    description: 'Fetch one conversation service.',
    effect: 'read',
    operations: ['conversations_v1:FetchService'],
    input: () => ({ chatServiceSid: chatServiceSid() }),
    run: ({ chatServiceSid }, { twilio }) => twilio.conversations.v1.services(chatServiceSid).fetch(),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_conversations_create_service',
    title: 'Create service',
    description: 'Create a service, to keep conversations apart.',
    effect: 'create',
    checkWith: SERVICES,
    operations: ['conversations_v1:CreateService'],
    input: () => ({ friendlyName: string('Name', 256) }),
    run: ({ friendlyName }, { twilio }) => twilio.conversations.v1.services.create({ friendlyName }),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_conversations_delete_service',
    title: 'Delete service',
    description: 'Delete a service for good, with all its conversations, messages and users.',
    effect: 'delete',
    operations: ['conversations_v1:DeleteService'],
    input: () => ({ chatServiceSid: chatServiceSid() }),
    run: ({ chatServiceSid }, { twilio }) => twilio.conversations.v1.services(chatServiceSid).remove(),
  }),
];

export const conversations = domain({
  service: 'Conversations',
  summary: 'Conversations (classic): threads of several people over SMS, WhatsApp and chat, with all that was said.',
  instructions:
    'create_conversation, then add_participant for each person, then send_message, which reaches all of them. Without chatServiceSid all happens in ' +
    'the default service of the account. Inbound messages join the conversation of their pair of addresses; to let them open new ones use create_address.',
  tools: [...threads, ...messages, ...participants, ...users, ...services, ...connections],
});
