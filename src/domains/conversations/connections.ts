import { compactNumber } from '../../formats';
import { page, paging } from '../../paging';
import { address, country, integer, oneOf, pathName, sid, someOf, string, stringList, url, words } from '../../params';
import { spellKeys } from '../../spelling';
import { deletes, grants, reads, tool } from '../../tool';
import { conversation, inService } from './shared';

/*
 * Connections of conversations: webhooks of one conversation, and addresses whose inbound messages open conversations.
 */

const WEBHOOKS = 'twilio_conversations_list_webhooks';
const WEBHOOK = ['sid', 'target', 'configuration', 'dateCreated'] as const;
const ADDRESSES = 'twilio_conversations_list_addresses';
const ADDRESS = ['sid', 'type', 'address', 'friendlyName', 'autoCreation', 'dateCreated'] as const;

const EVENTS = words(
  'onMessageAdded onMessageUpdated onMessageRemoved onConversationUpdated onConversationStateUpdated onConversationRemoved onParticipantAdded onParticipantUpdated onParticipantRemoved onDeliveryUpdated',
);
/** The configuration of a webhook has no names of its customer's own, unlike other configurations. */
const withShownNames = <W extends { configuration: unknown }>(webhook: W): W =>
  Object.assign(webhook, { configuration: spellKeys(webhook.configuration) });

const webhookMethod = (of: string) => oneOf(`HTTP method of ${of}`, ['get', 'post']);
const flowSid = () => sid('FW', 'Studio flow to run; only for studio');

export const connections = [
  tool({
    name: WEBHOOKS,
    title: 'List conversation webhooks',
    description: 'List the URLs and Studio flows that are notified of events in one conversation.',
    ...reads('conversations_v1:ListServiceConversationScopedWebhook', 'conversations_v1:ListConversationScopedWebhook'),
    input: () => ({ ...conversation(), ...paging(5) }),
    run: async ({ chatServiceSid, conversationSid, ...position }, { twilio }) => {
      const webhooks = await page(inService(twilio, chatServiceSid).conversations(conversationSid).webhooks, position);
      return webhooks.map(withShownNames);
    },
    returns: WEBHOOK,
  }),
  tool({
    name: 'twilio_conversations_create_webhook',
    title: 'Create conversation webhook',
    description:
      'Notify a URL or a Studio flow of events in one conversation. A conversation has at most five webhooks.',
    ...grants(
      { checkWith: WEBHOOKS },
      'conversations_v1:CreateServiceConversationScopedWebhook',
      'conversations_v1:CreateConversationScopedWebhook',
    ),
    input: () => ({
      ...conversation(),
      target: oneOf('webhook calls the URL on events, trigger calls it on keywords, studio runs the flow', [
        'webhook',
        'studio',
        'trigger',
      ]),
      'configuration.url': url('Endpoint to call; for target webhook or trigger').optional(),
      'configuration.method': webhookMethod('configuration.url').optional(),
      'configuration.filters': someOf('Events to notify of; for target webhook', EVENTS).optional(),
      'configuration.triggers': stringList('Keywords to notify of; for target trigger', 100).optional(),
      'configuration.flowSid': flowSid().optional(),
    }),
    run: async ({ chatServiceSid, conversationSid, ...settings }, { twilio }) =>
      withShownNames(await inService(twilio, chatServiceSid).conversations(conversationSid).webhooks.create(settings)),
    returns: WEBHOOK,
  }),
  tool({
    name: 'twilio_conversations_delete_webhook',
    title: 'Delete conversation webhook',
    description: 'Permanently delete a webhook of a conversation.',
    ...deletes(
      'conversations_v1:DeleteServiceConversationScopedWebhook',
      'conversations_v1:DeleteConversationScopedWebhook',
    ),
    input: () => ({ webhookSid: sid('WH', 'Webhook to delete; from list_webhooks'), ...conversation() }),
    run: ({ chatServiceSid, conversationSid, webhookSid }, { twilio }) =>
      inService(twilio, chatServiceSid).conversations(conversationSid).webhooks(webhookSid).remove(),
  }),
  tool({
    name: ADDRESSES,
    title: 'List conversation addresses',
    description: 'List the numbers and senders of the account whose inbound messages open conversations.',
    ...reads('conversations_v1:ListConfigurationAddress'),
    input: () => ({ type: oneOf('Only addresses of this channel', ['sms', 'whatsapp']).optional(), ...paging(50) }),
    run: (query, { twilio }) => page(twilio.conversations.v1.addressConfigurations, query),
    returns: ADDRESS,
  }),
  tool({
    name: 'twilio_conversations_create_address',
    title: 'Create conversation address',
    description: 'Let inbound messages to a number or sender of the account open conversations.',
    ...grants({ checkWith: ADDRESSES }, 'conversations_v1:CreateConfigurationAddress'),
    input: () => ({
      type: oneOf('Channel of the address', ['sms', 'whatsapp', 'messenger', 'email', 'rcs', 'apple', 'chat']),
      address: address('Number or sender of the account'),
      addressCountry: country('Country of a short code').optional(),
      friendlyName: string('Label of the address', 256).optional(),
      'autoCreation.type': oneOf('Who handles new conversations: webhook calls webhookUrl, studio runs the flow', [
        'default',
        'webhook',
        'studio',
      ]).optional(),
      'autoCreation.conversationServiceSid': sid(
        'IS',
        "Conversation service for new conversations; default the account's default service",
      ).optional(),
      'autoCreation.webhookUrl': url('Endpoint to call; for type webhook').optional(),
      'autoCreation.webhookMethod': webhookMethod('autoCreation.webhookUrl').optional(),
      'autoCreation.webhookFilters': someOf('Events to notify of; for type webhook', EVENTS).optional(),
      'autoCreation.studioFlowSid': flowSid().optional(),
      'autoCreation.studioRetryCount': integer('Times to retry a failed flow; default 0', 0, 3).optional(),
    }),
    run: (settings, { twilio }) =>
      twilio.conversations.v1.addressConfigurations.create({ ...settings, 'autoCreation.enabled': true }),
    returns: ADDRESS,
  }),
  tool({
    name: 'twilio_conversations_delete_address',
    title: 'Delete conversation address',
    description:
      'Permanently delete the configuration of an address. Inbound messages to it no longer open conversations; the number itself is kept.',
    ...deletes('conversations_v1:DeleteConfigurationAddress'),
    input: () => ({ sid: pathName('SID of the configuration (IG…), or the address itself', compactNumber) }),
    run: ({ sid }, { twilio }) => twilio.conversations.v1.addressConfigurations(sid).remove(),
  }),
];
