/** Who is in a conversation: participants with an address or an identity, and chat users. */
import { camel } from '../../openapi/names';
import { isoSeconds } from '../dates';
import { ApiError, badRequest, notFound } from '../errors';
import { isJsonObject, jsonValue, type Properties } from '../json';
import { advance } from '../lifecycle';
import { pageResponse } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { OperationRule, SandboxRequest, SandboxState } from '../types';
import {
  addConversation,
  CONVERSATION_KIND,
  createConversation,
  fieldGroup,
  inBoth,
  linksOf,
  listOfService,
  requireOpen,
  roleOf,
  serviceIn,
} from './conversations';
import { isPhoneNumber } from './phone';

const CONVERSATIONS_URL = 'https://conversations.twilio.com/v1/Conversations';
const USERS = 'conversations.twilio.com/v1/Users';

interface Binding {
  type: string;
  address?: string;
  proxy_address?: string;
  projected_address?: string;
}

/** A participant's addresses; null for a chat participant. */
export const bindingOf = ({ body }: StoredResource): Binding | null => body.messaging_binding as Binding | null;
/** The participants of a conversation, oldest first. */
export const conversationParticipants = (state: SandboxState, conversation: string): StoredResource[] =>
  state.store.list(`${CONVERSATION_KIND}/${conversation}/Participants`);

/** The channel of an address: `whatsapp` for `whatsapp:+1…`, `sms` for a plain number. */
const bindingType = (address: string): string => /^([a-z]+):/.exec(address)?.[1] ?? 'sms';

function givenBinding(request: SandboxRequest): Binding | null {
  const given = fieldGroup(request, 'MessagingBinding') as Omit<Binding, 'type'> | undefined;
  if (!given) return null;
  return { type: bindingType(given.address ?? given.projected_address ?? given.proxy_address ?? ''), ...given };
}

/** The participant of an open conversation that has these two addresses. */
export function findBinding(state: SandboxState, address: string, proxy: string): StoredResource | undefined {
  return state.store
    .list(CONVERSATION_KIND)
    .filter(({ body }) => body.state !== 'closed')
    .flatMap(({ id }) => conversationParticipants(state, id))
    .find((participant) => {
      const binding = bindingOf(participant);
      return binding?.address === address && binding.proxy_address === proxy;
    });
}

const validAddress = (address: string): boolean =>
  ['sms', 'whatsapp'].includes(bindingType(address)) ? isPhoneNumber(address.replace(/^whatsapp:/, '')) : true;

function checkParticipant(request: SandboxRequest): void {
  const conversation = requireOpen(request);
  const { Identity } = request.fields;
  const binding = givenBinding(request);
  const others = conversation ? conversationParticipants(request.state, conversation.id) : [];
  if (Identity && others.some(({ body }) => body.identity === Identity)) {
    throw new ApiError(409, 50433, 'Participant already exists');
  }
  const { address, proxy_address: proxy } = binding ?? {};
  if (address === undefined) return;
  if (!validAddress(address)) badRequest(50407, 'Invalid messaging binding address');
  if (proxy === undefined) return;
  if (!validAddress(proxy)) badRequest(50408, 'Invalid messaging binding proxy address');
  if (address === proxy) badRequest(50409, 'Messaging binding address and proxy address must not be equal');
  if (bindingType(address) !== bindingType(proxy)) {
    badRequest(50414, 'Messaging binding address and proxy address must be of the same type');
  }
  const taken = findBinding(request.state, address, proxy);
  if (taken) {
    const where = taken.body.conversation_sid;
    throw new ApiError(
      409,
      50416,
      `A binding for this participant and proxy address already exists in Conversation ${where}`,
    );
  }
}

const PARTICIPANT_DEFAULTS = { attributes: '{}', last_read_message_index: null, last_read_timestamp: null };

const createParticipant: OperationRule = {
  check: checkParticipant,
  onCreate(request, { body }) {
    const { Identity, RoleSid, Attributes } = request.fields;
    const service = conversationService(request);
    Object.assign(body, PARTICIPANT_DEFAULTS, {
      chat_service_sid: service,
      identity: Identity ?? null,
      messaging_binding: givenBinding(request),
      role_sid: RoleSid ?? roleOf(request.state, service, 'channel user'),
      ...(Attributes === undefined ? {} : { attributes: Attributes }),
    });
    if (Identity) addUser(request.state, service, String(Identity), request.now);
  },
};

/** The requests that would add the participants of a new conversation, which are given as JSON. @throws ApiError */
function participantRequests(request: SandboxRequest): SandboxRequest[] {
  return ((request.fields.Participant ?? []) as string[]).map((text) => {
    const given = jsonValue(text);
    if (!isJsonObject(given)) badRequest(20001, `Participant must be a JSON object, not ${text}`);
    const { messaging_binding: binding = {}, ...rest } = given as Properties;
    const parts = Object.entries(binding as Properties).map(([name, value]) => [`messaging_binding.${name}`, value]);
    const fields = [...Object.entries(rest), ...parts].map(([name, value]) => [
      String(name).split('.').map(pascal).join('.'),
      value,
    ]);
    return { ...request, fields: Object.fromEntries(fields) };
  });
}

/** `messaging_binding` as `MessagingBinding`. */
const pascal = (name: string): string => camel(name).replace(/^./, (letter) => letter.toUpperCase());

/** Creates a conversation and its participants, all or nothing. */
const createWithParticipants: OperationRule = {
  check(request) {
    createConversation.check!(request);
    const participants = participantRequests(request);
    if (participants.length > 10) badRequest(20001, 'Participant must have at most 10 items');
    for (const each of participants) checkParticipant(each);
  },
  respond(request) {
    const { state, fields, now, operation, target } = request;
    const { FriendlyName, UniqueName } = fields;
    const known = { friendly_name: FriendlyName ?? null, unique_name: UniqueName ?? null };
    const conversation = addConversation(state, known, now);
    createConversation.onCreate!(request, conversation);
    state.events.emit('change', { resource: conversation, change: 'created', request });
    const params = { ...target.params, ConversationSid: conversation.id };
    for (const each of participantRequests(request)) {
      const participant = seedResource(state, {
        fetchOperation: 'conversations_v1:FetchConversationParticipant',
        params,
        known: { sid: newSid('MB'), conversation_sid: conversation.id },
        at: now,
      });
      createParticipant.onCreate!({ ...each, target: { ...target, params } }, participant);
      state.events.emit('change', { resource: participant, change: 'created', request });
    }
    return { status: operation.success.status, body: conversation.body };
  },
};

const conversationService = ({ state, target }: SandboxRequest): string =>
  String(state.store.get(CONVERSATION_KIND, target.params.ConversationSid!)?.body.chat_service_sid);

/** Adds a person who wrote to an address of the account. */
export function joinParticipant(state: SandboxState, conversation: StoredResource, binding: Binding, at: number) {
  const service = String(conversation.body.chat_service_sid);
  const known = {
    ...PARTICIPANT_DEFAULTS,
    ...{ sid: newSid('MB'), conversation_sid: conversation.id, chat_service_sid: service, identity: null },
    ...{ messaging_binding: binding, role_sid: roleOf(state, service, 'channel user') },
  };
  const params = { ConversationSid: conversation.id };
  return seedResource(state, { fetchOperation: 'conversations_v1:FetchConversationParticipant', params, known, at });
}

/** Adding a participant with a new identity creates the user. */
function addUser(state: SandboxState, service: string, identity: string, at: number): void {
  const users = state.store.list(USERS);
  if (users.some(({ body }) => body.identity === identity && body.chat_service_sid === service)) return;
  const sid = newSid('US');
  const known = { sid, identity, chat_service_sid: service, ...userDefaults(state, service) };
  const user = seedResource(state, { fetchOperation: 'conversations_v1:FetchUser', known, at });
  user.body.links = linksOf(user.body.url, { user_conversations: 'Conversations' });
}

const userDefaults = (state: SandboxState, service: string) => ({
  ...{ friendly_name: null, attributes: '{}', is_online: false, is_notifiable: null },
  role_sid: roleOf(state, service, 'service user'),
});

const createUser: OperationRule = {
  check(request) {
    const { Identity } = request.fields;
    const users = request.state.store.list(USERS);
    if (users.some(({ body }) => body.identity === Identity && body.chat_service_sid === serviceIn(request))) {
      throw new ApiError(409, 50201, 'User already exists');
    }
  },
  onCreate(request, { body }) {
    const { FriendlyName, Attributes, RoleSid } = request.fields;
    const service = serviceIn(request);
    Object.assign(body, userDefaults(request.state, service), {
      chat_service_sid: service,
      links: linksOf(body.url, { user_conversations: 'Conversations' }),
      ...(FriendlyName === undefined ? {} : { friendly_name: FriendlyName }),
      ...(Attributes === undefined ? {} : { attributes: Attributes }),
      ...(RoleSid === undefined ? {} : { role_sid: RoleSid }),
    });
  },
};

const updateParticipant: OperationRule = {
  onUpdate(request, { body }) {
    const given = fieldGroup(request, 'MessagingBinding');
    if (given) body.messaging_binding = { ...(body.messaging_binding as Properties | null), ...given };
    if (request.fields.LastReadMessageIndex !== undefined) body.last_read_timestamp = isoSeconds(new Date(request.now));
  },
};

/** The conversations of one person. */
const listParticipantConversations: OperationRule = {
  respond(request) {
    const { state, query } = request;
    const isWanted = (participant: StoredResource) =>
      query.Identity !== undefined
        ? participant.body.identity === query.Identity
        : bindingOf(participant)?.address === query.Address;
    const conversations = state.store.list(CONVERSATION_KIND).map((conversation) => advance(conversation, request));
    const inService = conversations.filter(({ body }) => body.chat_service_sid === serviceIn(request));
    const items = inService.flatMap(({ id, body }) =>
      conversationParticipants(state, id)
        .filter(isWanted)
        .map((participant) => participantConversation(state, body, participant)),
    );
    return pageResponse(request, items);
  },
};

function participantConversation(state: SandboxState, body: Properties, { body: participant }: StoredResource) {
  const users = state.store.list(USERS).map((user) => user.body);
  const user = users.find(({ identity }) => identity && identity === participant.identity);
  return {
    account_sid: body.account_sid,
    chat_service_sid: body.chat_service_sid,
    participant_sid: participant.sid,
    participant_user_sid: user?.sid ?? null,
    participant_identity: participant.identity,
    participant_messaging_binding: participant.messaging_binding,
    conversation_sid: body.sid,
    conversation_unique_name: body.unique_name ?? null,
    conversation_friendly_name: body.friendly_name ?? null,
    conversation_attributes: body.attributes,
    conversation_date_created: body.date_created,
    conversation_date_updated: body.date_updated,
    conversation_created_by: 'system',
    conversation_state: body.state,
    conversation_timers: body.timers,
    links: {
      participant: `${CONVERSATIONS_URL}/${body.sid}/Participants/${participant.sid}`,
      conversation: `${CONVERSATIONS_URL}/${body.sid}`,
    },
  };
}

/** The conversations of a chat user, with how far the user has read. */
function userConversations(request: SandboxRequest) {
  const { state, target } = request;
  const user = state.store.get(USERS, target.params.UserSid!)?.body;
  return state.store.list(CONVERSATION_KIND).flatMap((conversation) => {
    const { body } = advance(conversation, request);
    const participant = conversationParticipants(state, conversation.id).find(
      (each) => user && each.body.identity === user.identity,
    );
    if (!user || !participant || body.chat_service_sid !== user.chat_service_sid) return [];
    const messages = state.store.list(`${CONVERSATION_KIND}/${conversation.id}/Messages`);
    const read = participant.body.last_read_message_index ?? null;
    const unread = messages.filter((message) => Number(message.body.index) > Number(read)).length;
    const { account_sid, chat_service_sid, timers, attributes, date_created, date_updated } = body;
    const shown = {
      ...{ account_sid, chat_service_sid, timers, attributes, date_created, date_updated },
      ...{ conversation_sid: body.sid, conversation_state: body.state, friendly_name: body.friendly_name ?? null },
      ...{ unique_name: body.unique_name ?? null, participant_sid: participant.id, user_sid: user.sid },
      ...{ created_by: 'system', last_read_message_index: read },
      ...{ unread_messages_count: read === null ? null : unread },
      ...{ notification_level: participant.internal.notificationLevel ?? 'default' },
      ...{ url: `${user.url}/Conversations/${body.sid}` },
      links: { participant: participant.body.url, conversation: body.url },
    };
    return [{ participant, shown }];
  });
}

const listUserConversations: OperationRule = {
  respond: (request) =>
    pageResponse(
      request,
      userConversations(request).map(({ shown }) => shown),
    ),
};

/** The conversation that the path names by SID or unique name. @throws ApiError 404 / 20404 */
function userConversation(request: SandboxRequest) {
  const { ConversationSid } = request.target.params;
  const found = userConversations(request).find(({ shown }) =>
    [shown.conversation_sid, shown.unique_name].includes(ConversationSid),
  );
  if (!found) throw notFound(request.entry.path);
  return found;
}

const fetchUserConversation: OperationRule = {
  respond: (request) => ({ status: 200, body: userConversation(request).shown }),
};

/** How far the user has read is the participant's. */
const updateUserConversation: OperationRule = {
  respond(request) {
    const { LastReadMessageIndex, LastReadTimestamp, NotificationLevel } = request.fields;
    const { body, internal } = userConversation(request).participant;
    if (LastReadMessageIndex !== undefined) body.last_read_message_index = LastReadMessageIndex;
    if (LastReadTimestamp !== undefined) body.last_read_timestamp = LastReadTimestamp;
    if (NotificationLevel !== undefined) internal.notificationLevel = NotificationLevel;
    return { status: 200, body: userConversation(request).shown };
  },
};

export const PARTICIPANT_RULES: Record<string, OperationRule> = {
  ...inBoth('Create', 'ConversationParticipant', createParticipant),
  ...inBoth('Create', 'ConversationWithParticipants', createWithParticipants),
  ...inBoth('Update', 'ConversationParticipant', updateParticipant),
  ...inBoth('List', 'ParticipantConversation', listParticipantConversations),
  ...inBoth('Create', 'User', createUser),
  ...inBoth('List', 'User', listOfService),
  ...inBoth('List', 'UserConversation', listUserConversations),
  ...inBoth('Fetch', 'UserConversation', fetchUserConversation),
  ...inBoth('Update', 'UserConversation', updateUserConversation),
};
