/** Messages of conversations: who receives them, their receipts, and inbound messages that join a conversation. */
import { isoSeconds } from '../dates';
import { notFound } from '../errors';
import { addFile, bytesOf, FILES_HOST } from '../files';
import type { Properties } from '../json';
import { listResponse } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxState } from '../types';
import { renderContent } from './content';
import { bindingOf, conversationParticipants, findBinding, joinParticipant } from './conversation-participants';
import {
  addConversation,
  announceState,
  CONVERSATION_KIND,
  DEFAULT_CONVERSATION_SERVICE,
  inBoth,
  linksOf,
  requireOpen,
  touchConversation,
} from './conversations';
import { createOutbound } from './messages';
import { messagesOf } from './phone';

const MESSAGE_KIND = `${CONVERSATION_KIND}/{}/Messages`;
const RECEIPT_KIND = `${MESSAGE_KIND}/{}/Receipts`;
const ADDRESSES = 'conversations.twilio.com/v1/Configuration/Addresses';

/** What every message has besides its text, author and files. */
function messageDefaults(conversation: StoredResource, author: string, files: StoredResource[], state: SandboxState) {
  const index = Number(conversation.internal.nextIndex ?? 0);
  conversation.internal.nextIndex = index + 1;
  const isAuthor = (participant: StoredResource) =>
    participant.body.identity === author || bindingOf(participant)?.address === author;
  const participant = conversationParticipants(state, conversation.id).find(isAuthor);
  return {
    ...{
      index,
      author,
      participant_sid: participant?.id ?? null,
      chat_service_sid: conversation.body.chat_service_sid,
    },
    ...{ media: files.length > 0 ? files.map(attachment) : null, delivery: null, content_sid: null, attributes: '{}' },
  };
}

const attachment = ({ body: { sid, size, content_type, filename, category } }: StoredResource): Properties => ({
  ...{ sid, size, content_type, filename, category },
});

/** The files of a conversation's service. */
const filesOf = ({ body }: StoredResource): string => `${FILES_HOST}/v1/Services/${body.chat_service_sid}/Media`;

const messageLinks = (url: unknown) =>
  linksOf(url, { delivery_receipts: 'Receipts', channel_metadata: 'ChannelMetadata' });

const createConversationMessage: OperationRule = {
  check(request) {
    const conversation = requireOpen(request);
    if (conversation) sentFiles(request, conversation);
  },
  onCreate(request, message) {
    const { state, now, fields } = request;
    const conversation = state.store.get(CONVERSATION_KIND, request.target.params.ConversationSid!);
    if (!conversation) return;
    const { Author, Body, Attributes, ContentSid, ContentVariables } = fields as Record<string, string | undefined>;
    const files = sentFiles(request, conversation);
    Object.assign(message.body, messageDefaults(conversation, Author ?? 'system', files, state), {
      ...{ body: Body ?? null, content_sid: ContentSid ?? null, attributes: Attributes ?? '{}' },
      links: messageLinks(message.body.url),
    });
    const content = ContentSid === undefined ? undefined : renderContent(state, ContentSid, ContentVariables, now);
    deliver(state, conversation, message, { body: content?.text ?? Body ?? '', content, files }, now);
    touchConversation(conversation, now);
  },
};

/** The uploaded file that a new message names. @throws ApiError 404 if it does not exist */
function sentFiles({ fields, state }: SandboxRequest, conversation: StoredResource): StoredResource[] {
  if (fields.MediaSid === undefined) return [];
  const path = `${filesOf(conversation)}/${String(fields.MediaSid)}`;
  const file = state.store.get(filesOf(conversation), String(fields.MediaSid));
  if (!file) throw notFound(path.replace(FILES_HOST, ''));
  return [file];
}

/** Sends a message to the participants with an address, except its author, and keeps a receipt for each. */
function deliver(
  state: SandboxState,
  conversation: StoredResource,
  message: StoredResource,
  text: Pick<Parameters<typeof createOutbound>[1], 'body' | 'content' | 'files'>,
  now: number,
): void {
  for (const participant of conversationParticipants(state, conversation.id)) {
    const { address, proxy_address: proxy } = bindingOf(participant) ?? {};
    if (!address || !proxy || participant.id === message.body.participant_sid) continue;
    const sent = createOutbound(state, { accountSid: state.accountSid, from: proxy, to: address, ...text }, now);
    const receipt = seedResource(state, {
      fetchOperation: 'conversations_v1:FetchConversationMessageReceipt',
      params: { ConversationSid: conversation.id, MessageSid: message.id },
      known: {
        ...{ sid: newSid('DY'), conversation_sid: conversation.id, message_sid: message.id, status: 'sent' },
        ...{ channel_message_sid: sent.id, participant_sid: participant.id, error_code: 0 },
        chat_service_sid: conversation.body.chat_service_sid,
      },
      at: now,
    });
    state.events.emit('change', { resource: receipt, change: 'created' });
  }
  summarizeDelivery(message, now, state);
}

const REPORTED = ['sent', 'delivered', 'read', 'undelivered', 'failed'];

/** The receipt has the status of the SMS or WhatsApp message; before that is sent, it is not listed. */
const advanceReceipt: Lifecycle = (receipt, now, state) => {
  const { body, internal } = receipt;
  const messages = messagesOf(body.account_sid);
  const sent = state.store.get(messages, String(body.channel_message_sid));
  if (!sent) return;
  state.lifecycleOf(sent.kind)?.(sent, now, state);
  const status = String(sent.body.status);
  internal.reported = REPORTED.includes(status);
  if (!internal.reported || internal.announced === status) return;
  internal.announced = status;
  Object.assign(body, {
    status,
    error_code: Number(sent.body.error_code ?? 0),
    date_updated: isoSeconds(new Date(now)),
  });
  state.events.emit('change', { resource: receipt, change: status });
};

const receiptsOf = (message: StoredResource, now: number, state: SandboxState): StoredResource[] => {
  const receipts = state.store.list(`${message.collection}/${message.id}/Receipts`);
  for (const receipt of receipts) advanceReceipt(receipt, now, state);
  return receipts;
};

/** The summary of the receipts; chat participants have none. */
const summarizeDelivery: Lifecycle = (message, now, state) => {
  const receipts = receiptsOf(message, now, state);
  if (receipts.length === 0) return;
  const share = (...statuses: string[]) => {
    const count = receipts.filter(
      ({ body, internal }) => internal.reported && statuses.includes(String(body.status)),
    ).length;
    return count === 0 ? 'none' : count === receipts.length ? 'all' : 'some';
  };
  message.body.delivery = {
    total: receipts.length,
    sent: share(...REPORTED.slice(0, 4)),
    delivered: share('delivered', 'read'),
    read: share('read'),
    failed: share('failed'),
    undelivered: share('undelivered'),
  };
};

const listReceipts: OperationRule = {
  respond(request: SandboxRequest) {
    const { state, target, now } = request;
    const receipts = state.store.list(target.collection);
    for (const receipt of receipts) advanceReceipt(receipt, now, state);
    return listResponse(
      request,
      receipts.filter(({ internal }) => internal.reported),
    );
  },
};

/**
 * The conversation of an inbound message's two addresses, or a new one if an address configuration asks for that.
 * Without one, the message goes to the number's webhook.
 */
export function conversationFor(state: SandboxState, inbound: StoredResource, now: number): StoredResource | undefined {
  const { from, to } = inbound.body as Record<string, string>;
  const found = findBinding(state, from!, to!) ?? autoCreated(state, from!, to!, now);
  return found && state.store.get(CONVERSATION_KIND, String(found.body.conversation_sid));
}

/** Adds an inbound message with this text to a conversation and sends it to the other participants. */
export function joinConversation(
  state: SandboxState,
  conversation: StoredResource,
  inbound: StoredResource,
  body: string,
  now: number,
): void {
  const from = String(inbound.body.from);
  const media = state.store.list(`${inbound.collection}/${inbound.id}/Media`);
  const files = media.map((each) =>
    addFile(state, filesOf(conversation), String(each.body.content_type), bytesOf(each), now),
  );
  const message = seedResource(state, {
    fetchOperation: 'conversations_v1:FetchConversationMessage',
    params: { ConversationSid: conversation.id },
    known: {
      ...messageDefaults(conversation, from, files, state),
      sid: newSid('IM'),
      conversation_sid: conversation.id,
      body,
    },
    at: now,
  });
  message.body.links = messageLinks(message.body.url);
  state.events.emit('change', { resource: message, change: 'created' });
  deliver(state, conversation, message, { body, files }, now);
  if (conversation.body.state === 'inactive') conversation.body.state = 'active';
  announceState(conversation, 'EVENT', state);
  touchConversation(conversation, now);
}

/** The participant of a conversation that is created for an inbound message. */
function autoCreated(state: SandboxState, from: string, to: string, now: number): StoredResource | undefined {
  const address = state.store.list(ADDRESSES).find(({ body }) => body.address === to);
  const settings = address?.body.auto_creation as Properties | undefined;
  if (String(settings?.enabled) !== 'true') return undefined;
  const service = settings?.conversation_service_sid ?? DEFAULT_CONVERSATION_SERVICE;
  const conversation = addConversation(state, { chat_service_sid: service }, now);
  const type = /^([a-z]+):/.exec(from)?.[1] ?? 'sms';
  const participant = joinParticipant(state, conversation, { type, address: from, proxy_address: to }, now);
  for (const resource of [conversation, participant]) state.events.emit('change', { resource, change: 'created' });
  return participant;
}

export const CONVERSATION_MESSAGE_RULES: Record<string, OperationRule> = {
  ...inBoth('Create', 'ConversationMessage', createConversationMessage),
  ...inBoth('List', 'ConversationMessageReceipt', listReceipts),
};

export const CONVERSATION_MESSAGE_LIFECYCLES: Record<string, Lifecycle> = {
  [MESSAGE_KIND]: summarizeDelivery,
  [RECEIPT_KIND]: advanceReceipt,
};
