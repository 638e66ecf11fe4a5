/** Webhooks of conversations: which URLs hear of a change, and what. https://www.twilio.com/docs/conversations/conversations-webhooks */
import { snake } from '../../openapi/names';
import type { Properties } from '../json';
import type { StoredResource } from '../store';
import type { SandboxState, StateChange } from '../types';
import { bindingOf } from './conversation-participants';
import { CONVERSATION_KIND } from './conversations';

const CONVERSATIONS_ROOT = 'conversations.twilio.com/v1';

/** Kinds of resources with the name of their events, the field with their SID and the properties that webhooks get. */
const EVENT_SOURCES: Record<string, [name: string, sid: string, properties: string]> = {
  [CONVERSATION_KIND]: [
    'Conversation',
    'ConversationSid',
    'FriendlyName UniqueName Attributes State MessagingServiceSid DateCreated DateUpdated',
  ],
  [`${CONVERSATION_KIND}/{}/Participants`]: [
    'Participant',
    'ParticipantSid',
    'Identity RoleSid Attributes DateCreated DateUpdated',
  ],
  [`${CONVERSATION_KIND}/{}/Messages`]: [
    'Message',
    'MessageSid',
    'Index Body Author ParticipantSid Attributes Media DateCreated',
  ],
  [`${CONVERSATION_KIND}/{}/Messages/{}/Receipts`]: [
    'Delivery',
    'DeliveryReceiptSid',
    'MessageSid ChannelMessageSid ParticipantSid Status ErrorCode DateCreated DateUpdated',
  ],
};
const EVENT_VERBS: Record<string, string> = { created: 'Added', updated: 'Updated', deleted: 'Removed' };

/** A request to a webhook of a conversation. */
interface ConversationEvent {
  url: string;
  fields: Record<string, string>;
}

/** Whether the changes of a resource are events of a conversation. */
export const isConversationPart = ({ kind }: StoredResource): boolean => EVENT_SOURCES[kind] !== undefined;

/** The requests that report a change. Of what requests change, only those that ask for it are reported. */
export function conversationEvents(state: SandboxState, change: StateChange): ConversationEvent[] {
  const { resource, request } = change;
  const [name] = EVENT_SOURCES[resource.kind] ?? [];
  if (!name || (request && request.headers['X-Twilio-Webhook-Enabled'] !== 'true')) return [];
  const isDelivery = name === 'Delivery';
  // A receipt exists before its message is sent, which is its first event.
  if (isDelivery && change.change === 'created') return [];
  const verb = isDelivery ? 'Updated' : change.details ? 'StateUpdated' : EVENT_VERBS[change.change];
  if (!verb) return [];
  const fields = fieldsOf(change, `on${name}${verb}`);
  return [
    ...configuredUrls(state, fields.ChatServiceSid!, fields.EventType!, 'post_webhook_url'),
    ...scopedUrls(state, fields),
  ].map((url) => ({ url, fields }));
}

/** The URL that may change or reject a message before it is added to a conversation, with what it gets. */
export function eventBefore(state: SandboxState, conversation: StoredResource, message: Properties) {
  const { sid, chat_service_sid, account_sid } = conversation.body as Record<string, string>;
  const fields: Record<string, string> = {
    ...{ AccountSid: account_sid!, ChatServiceSid: chat_service_sid!, ConversationSid: sid! },
    ...{ EventType: 'onMessageAdd', Source: String(sourceOf(message.from)), RetryCount: '0' },
    ...{ Author: String(message.from), Body: String(message.body), Attributes: '{}' },
  };
  const [url] = configuredUrls(state, chat_service_sid!, 'onMessageAdd', 'pre_webhook_url');
  return url === undefined ? undefined : { url, fields };
}

const sourceOf = (address: unknown): string | undefined =>
  typeof address === 'string' ? (address.startsWith('whatsapp:') ? 'WHATSAPP' : 'SMS') : undefined;

function fieldsOf({ resource, request, details }: StateChange, event: string): Record<string, string> {
  const { body, kind, id } = resource;
  const [, sidField, properties] = EVENT_SOURCES[kind]!;
  const { address, proxy_address, type } = (sidField === 'ParticipantSid' && bindingOf(resource)) || {};
  const binding = { Address: address, ProxyAddress: proxy_address, Type: type };
  const values: Properties = {
    ...{ AccountSid: body.account_sid, ChatServiceSid: body.chat_service_sid, EventType: event, RetryCount: '0' },
    ...{ ConversationSid: body.conversation_sid ?? id, Source: request ? 'API' : sourceOf(body.author ?? address) },
    [sidField]: id,
    ...Object.fromEntries(properties.split(' ').map((name) => [name, body[snake(name)]])),
    ...Object.fromEntries(Object.entries(binding).map(([name, value]) => [`MessagingBinding.${name}`, value])),
    ...details,
  };
  const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value == null ? [] : [[name, text(value)]])),
  );
}

/** The URL of a service's webhooks for an event, else that of the account's. */
function configuredUrls({ store }: SandboxState, service: string, event: string, property: string): string[] {
  const settings = [
    `${CONVERSATIONS_ROOT}/Services/${service}/Configuration/Webhooks`,
    `${CONVERSATIONS_ROOT}/Configuration/Webhooks`,
  ]
    .flatMap((path) => store.list(path))
    .find(({ body }) => body[property]);
  const filters = (settings?.body.filters ?? []) as string[];
  return settings && filters.includes(event) ? [String(settings.body[property])] : [];
}

interface ScopedSettings {
  url?: string;
  filters?: string[];
  triggers?: string[];
}

/** The URLs of one conversation's webhooks: by event, or by a keyword in a new message. */
function scopedUrls(
  { store }: SandboxState,
  { ConversationSid, EventType, Body = '' }: Record<string, string>,
): string[] {
  return store.list(`${CONVERSATION_KIND}/${ConversationSid}/Webhooks`).flatMap(({ body }) => {
    const { url, filters = [], triggers = [] } = (body.configuration ?? {}) as ScopedSettings;
    const hears =
      body.target === 'trigger'
        ? EventType === 'onMessageAdded' && triggers.some((word) => Body.toLowerCase().includes(word.toLowerCase()))
        : body.target === 'webhook' && filters.includes(EventType!);
    return url && hears ? [url] : [];
  });
}
