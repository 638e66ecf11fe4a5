import { page, paging } from '../../paging';
import { sid, string } from '../../params';
import { creates, deletes, domain, reads, tool } from '../../tool';
import { connections } from './connections';
import { conversations as threads } from './conversations';
import { messages } from './messages';
import { participants } from './participants';
import { users } from './users';

const SERVICES = 'twilio_conversations_list_services';
const SERVICE = ['sid', 'friendlyName', 'dateCreated'] as const;
const chatServiceSid = () => sid('IS', 'Conversation service; from list_services');

const services = [
  tool({
    name: SERVICES,
    title: 'List conversation services',
    description: 'List the conversation services of the account. Each has its own conversations and users.',
    ...reads('conversations_v1:ListService'),
    input: () => paging(100),
    run: (position, { twilio }) => page(twilio.conversations.v1.services, position),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_conversations_get_service',
    title: 'Get conversation service',
    description: 'Fetch one conversation service. To find it use list_services.',
    ...reads('conversations_v1:FetchService'),
    input: () => ({ chatServiceSid: chatServiceSid() }),
    run: ({ chatServiceSid }, { twilio }) => twilio.conversations.v1.services(chatServiceSid).fetch(),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_conversations_create_service',
    title: 'Create conversation service',
    description: 'Create a conversation service, which keeps its conversations and users apart from others.',
    ...creates({ checkWith: SERVICES }, 'conversations_v1:CreateService'),
    input: () => ({ friendlyName: string('Name of the service', 256) }),
    run: ({ friendlyName }, { twilio }) => twilio.conversations.v1.services.create({ friendlyName }),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_conversations_delete_service',
    title: 'Delete conversation service',
    description: 'Permanently delete a conversation service with all its conversations, messages and users.',
    ...deletes('conversations_v1:DeleteService'),
    input: () => ({ chatServiceSid: chatServiceSid() }),
    run: ({ chatServiceSid }, { twilio }) => twilio.conversations.v1.services(chatServiceSid).remove(),
  }),
];

export const conversations = domain({
  service: 'Conversations',
  summary: 'Conversations (classic): threads between several people over SMS, WhatsApp and chat, with their messages.',
  instructions:
    'Call create_conversation, then add_participant for each person, then send_message, which reaches all of them. Without chatServiceSid, tools use the ' +
    'default service of the account. Inbound messages join the conversation of their pair of addresses; to let them open new conversations use create_address.',
  tools: [...threads, ...messages, ...participants, ...users, ...services, ...connections],
});
