import { page, paging } from '../../paging';
import { address, oneOf, pathName, sid, someOf, stringList, url } from '../../params';
import { tool } from '../../tool';
import { conversation, inService } from './scope';

/*
 * What ties conversations to the world: webhooks of one conversation, and addresses whose inbound messages open one.
 */

const WEBHOOKS = 'twilio_conversations_list_webhooks';
const WEBHOOK = ['sid', 'target', 'configuration', 'dateCreated'] as const;
const ADDRESSES = 'twilio_conversations_list_addresses';
const ADDRESS = ['sid', 'type', 'address', 'friendlyName', 'autoCreation', 'dateCreated'] as const;

const EVENTS = [
  'onMessageAdded',
  'onMessageUpdated',
  'onMessageRemoved',
  'onConversationUpdated',
  'onConversationStateUpdated',
  'onConversationRemoved',
  'onParticipantAdded',
  'onParticipantUpdated',
  'onParticipantRemoved',
  'onDeliveryUpdated',
] as const;
const flowSid = () => sid('FW', 'Flow, for studio');

export const connections = [
  tool({
    name: WEBHOOKS,
    title: 'List webhooks',
    description: 'List the URLs and Studio flows that listen to one conversation.',
    effect: 'read',
    operations: [
      'conversations_v1:ListServiceConversationScopedWebhook',
      'conversations_v1:ListConversationScopedWebhook',
    ],
    input: () => ({ ...conversation(), ...paging() }),
    run: ({ chatServiceSid, conversationSid, ...position }, { twilio }) =>
      page(inService(twilio, chatServiceSid).conversations(conversationSid).webhooks, {}, position),
    returns: WEBHOOK,
  }),
  tool({
    name: 'twilio_conversations_create_webhook',
    title: 'Create webhook',
    description: 'Tell a URL or a Studio flow what happens in one conversation; five at most.',
    effect: 'create',
    checkWith: WEBHOOKS,
    operations: [
      'conversations_v1:CreateServiceConversationScopedWebhook',
      'conversations_v1:CreateConversationScopedWebhook',
    ],
    input: () => ({
      ...conversation(),
      target: oneOf('trigger calls the URL on keywords', ['webhook', 'studio', 'trigger']),
      'configuration.url': url('Called, unless target is studio').optional(),
      'configuration.filters': someOf('Events, for webhook', EVENTS).optional(),
      'configuration.triggers': stringList('Keywords, for trigger', 100).optional(),
      'configuration.flowSid': flowSid().optional(),
    }),
    run: ({ chatServiceSid, conversationSid, ...settings }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).webhooks.create(settings),
    returns: WEBHOOK,
  }),
  tool({
    name: 'twilio_conversations_delete_webhook',
    title: 'Delete webhook',
    description: 'Delete a webhook of a conversation for good.',
    effect: 'delete',
    operations: [
      'conversations_v1:DeleteServiceConversationScopedWebhook',
      'conversations_v1:DeleteConversationScopedWebhook',
    ],
    input: () => ({ webhookSid: sid('WH', 'Webhook'), ...conversation() }),
    run: ({ chatServiceSid, conversationSid, webhookSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).webhooks(webhookSid).remove(),
  }),
  tool({
    name: ADDRESSES,
    title: 'List addresses',
    description: 'List the own numbers and senders whose inbound messages open conversations.',
    effect: 'read',
    operations: ['conversations_v1:ListConfigurationAddress'],
    input: () => ({ type: oneOf('Channel', ['sms', 'whatsapp']).optional(), ...paging() }),
    run: ({ type, ...position }, { twilio }) => page(twilio.conversations.v1.addressConfigurations, { type }, position),
    returns: ADDRESS,
  }),
  tool({
    name: 'twilio_conversations_create_address',
    title: 'Configure address',
    description: 'Let inbound messages to an own number or sender open conversations.',
    effect: 'create',
    checkWith: ADDRESSES,
    operations: ['conversations_v1:CreateConfigurationAddress'],
    input: () => ({
      type: oneOf('Channel', ['sms', 'whatsapp', 'messenger', 'email', 'rcs', 'apple', 'chat']),
      address: address('Own number or sender'),
      'autoCreation.type': oneOf('Who is told of them', ['default', 'webhook', 'studio']).optional(),
      'autoCreation.conversationServiceSid': sid('IS', 'Service').optional(),
      'autoCreation.webhookUrl': url('Called, for webhook').optional(),
      'autoCreation.webhookFilters': someOf('Events, for webhook', EVENTS).optional(),
      'autoCreation.studioFlowSid': flowSid().optional(),
    }),
    run: (settings, { twilio }) =>
      twilio.conversations.v1.addressConfigurations.create({ ...settings, 'autoCreation.enabled': true }),
    returns: ADDRESS,
  }),
  tool({
    name: 'twilio_conversations_delete_address',
    title: 'Delete address',
    description: 'Delete a configuration for good: inbound messages no longer open conversations.',
    effect: 'delete',
    operations: ['conversations_v1:DeleteConfigurationAddress'],
    input: () => ({ sid: pathName('SID, or the address') }),
    run: ({ sid }, { twilio }) => twilio.conversations.v1.addressConfigurations(sid).remove(),
  }),
];
