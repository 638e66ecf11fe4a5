/** Conversations: services and their roles, timers and states, webhooks, addresses that open conversations. */
import { createHash } from 'node:crypto';
import { snake } from '../../openapi/names';
import { isoSeconds } from '../dates';
import { ApiError, badRequest } from '../errors';
import type { Properties } from '../json';
import { advance } from '../lifecycle';
import { listResponse } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxState } from '../types';

export const CONVERSATION_KIND = 'conversations.twilio.com/v1/Conversations';

/** The service that every account has. */
export const DEFAULT_CONVERSATION_SERVICE = `IS${createHash('md5').update('conversations').digest('hex')}`;

const SENDING = ['sendMessage', 'sendMediaMessage', 'leaveConversation'];
const OWN_MESSAGES = ['editOwnMessage', 'deleteOwnMessage', 'editOwnUserInfo'];
const MODERATION = ['addParticipant', 'removeParticipant', 'deleteAnyMessage', 'editConversationName'];
/** The roles of a new service: name, type, permissions. */
const ROLES = [
  [
    'service admin',
    'service',
    [...SENDING, ...OWN_MESSAGES, ...MODERATION, 'createConversation', 'deleteConversation'],
  ],
  ['service user', 'service', ['createConversation', 'joinConversation', 'editOwnUserInfo']],
  ['channel admin', 'conversation', [...SENDING, ...OWN_MESSAGES, ...MODERATION]],
  ['channel user', 'conversation', [...SENDING, ...OWN_MESSAGES]],
] as const;

/** Stores the roles that Twilio creates with a service. */
export function addRoles(state: SandboxState, service: string, at: number): void {
  for (const [name, type, permissions] of ROLES) {
    const sid = `RL${createHash('md5').update(`${service} ${name}`).digest('hex')}`;
    const known = { sid, chat_service_sid: service, friendly_name: name, type, permissions };
    seedResource(state, { fetchOperation: 'conversations_v1:FetchRole', known, at });
  }
}

/** The SID of a role that Twilio gives to users (`service user`) and to participants (`channel user`). */
export function roleOf(state: SandboxState, service: string, name: string): unknown {
  const roles = state.store.list('conversations.twilio.com/v1/Roles').map(({ body }) => body);
  return roles.find((role) => role.chat_service_sid === service && role.friendly_name === name)?.sid ?? null;
}

/** The service in the path; without one, the default service. */
export const serviceIn = ({ target }: SandboxRequest): string =>
  String(target.params.ChatServiceSid ?? DEFAULT_CONVERSATION_SERVICE);

/** Links to what is below a resource: its URL and a path for each name. */
export const linksOf = (url: unknown, names: Properties): Properties =>
  Object.fromEntries(Object.entries(names).map(([name, path]) => [name, `${url}/${path}`]));

/** The fields of a group such as `Configuration.Url`, by the names of the properties; undefined if none is given. */
export function fieldGroup(request: SandboxRequest, group: string): Properties | undefined {
  const found = Object.entries(request.fields).filter(([name]) => name.startsWith(`${group}.`));
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(([name, value]) => [snake(name.slice(group.length + 1)), value]));
}

// ---------------------------------------------------------------- conversations

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

function milliseconds(duration: unknown): number | undefined {
  const match = DURATION.exec(String(duration ?? ''));
  if (!match) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000;
}

function setTimers(request: SandboxRequest, conversation: StoredResource): void {
  const given = fieldGroup(request, 'Timers');
  const { internal } = conversation;
  if (given && 'inactive' in given) internal.inactiveAfter = milliseconds(given.inactive);
  if (given && 'closed' in given) internal.closedAfter = milliseconds(given.closed);
  touchConversation(conversation, request.now);
}

/** Restarts the timers: something happened in the conversation at `now`. */
export function touchConversation({ body, internal }: StoredResource, now: number): void {
  internal.activeAt = now;
  const due = (after: unknown) => isoSeconds(new Date(now + Number(after)));
  body.timers = {
    ...(body.state === 'active' && internal.inactiveAfter ? { date_inactive: due(internal.inactiveAfter) } : {}),
    ...(body.state !== 'closed' && internal.closedAfter ? { date_closed: due(internal.closedAfter) } : {}),
  };
}

/** Reports that a conversation has another state than it was last known to have. */
export function announceState(
  resource: StoredResource,
  Reason: 'API' | 'TIMER' | 'EVENT',
  state: SandboxState,
  request?: SandboxRequest,
): void {
  const { body, internal } = resource;
  const StateFrom = internal.announced ?? 'active';
  internal.announced = body.state;
  if (StateFrom === body.state) return;
  const details = { StateFrom, StateTo: body.state, StateUpdated: isoSeconds(new Date(state.clock.now())), Reason };
  state.events.emit('change', { resource, change: String(body.state), details, request });
}

const advanceConversation: Lifecycle = (conversation, now, state) => {
  const { body, internal } = conversation;
  const idle = now - Number(internal.activeAt);
  const { inactiveAfter, closedAfter } = internal as { inactiveAfter?: number; closedAfter?: number };
  if (closedAfter && idle >= closedAfter && body.state !== 'closed')
    Object.assign(body, { state: 'closed', timers: {} });
  else if (inactiveAfter && idle >= inactiveAfter && body.state === 'active') {
    body.state = 'inactive';
    body.timers = closedAfter ? { date_closed: (body.timers as Properties).date_closed } : {};
  }
  announceState(conversation, 'TIMER', state);
};

function checkConversationName(request: SandboxRequest, self?: string): void {
  const { UniqueName } = request.fields;
  const taken = request.state.store
    .list(CONVERSATION_KIND)
    .some(
      ({ id, body }) => id !== self && body.unique_name === UniqueName && body.chat_service_sid === serviceIn(request),
    );
  if (UniqueName && taken) throw new ApiError(409, 50353, 'Conversation with provided unique name already exists');
}

const PARTS = { participants: 'Participants', messages: 'Messages', webhooks: 'Webhooks' };

/** Stores a conversation that no request creates by itself. */
export function addConversation(state: SandboxState, known: Properties, now: number): StoredResource {
  const conversation = seedResource(state, {
    fetchOperation: 'conversations_v1:FetchConversation',
    known: { sid: newSid('CH'), attributes: '{}', state: 'active', timers: {}, bindings: {}, ...known },
    at: now,
  });
  conversation.body.links = linksOf(conversation.body.url, PARTS);
  return conversation;
}

export const createConversation: OperationRule = {
  check(request) {
    if (request.fields.State === 'closed') badRequest(50384, "Initial state can't be 'closed'");
    checkConversationName(request);
  },
  onCreate(request, conversation) {
    const { body } = conversation;
    Object.assign(body, {
      chat_service_sid: serviceIn(request),
      messaging_service_sid: request.fields.MessagingServiceSid ?? null,
      state: request.fields.State ?? 'active',
      attributes: request.fields.Attributes ?? '{}',
      bindings: {},
      links: linksOf(body.url, PARTS),
    });
    conversation.internal.announced = body.state;
    setTimers(request, conversation);
  },
};

const updateConversation: OperationRule = {
  check(request) {
    checkOpen(request.state.store.get(CONVERSATION_KIND, request.target.id!), request);
    checkConversationName(request, request.target.id);
  },
  onUpdate(request, conversation) {
    announceState(conversation, 'API', request.state, request);
    setTimers(request, conversation);
  },
};

/** Rejects changes of a closed conversation. */
function checkOpen(conversation: StoredResource | undefined, request: SandboxRequest): void {
  if (conversation && advance(conversation, request).body.state === 'closed') {
    badRequest(50377, "Can't update conversation as it's in final closed state");
  }
}

/** The conversation in the path of one of its parts. @throws ApiError if it is closed */
export function requireOpen(request: SandboxRequest): StoredResource | undefined {
  const conversation = request.state.store.get(CONVERSATION_KIND, request.target.params.ConversationSid!);
  checkOpen(conversation, request);
  return conversation;
}

const listConversations: OperationRule = {
  respond(request) {
    const all = request.state.store.list(CONVERSATION_KIND).map((conversation) => advance(conversation, request));
    return listResponse(
      request,
      all.filter(({ body }) => body.chat_service_sid === serviceIn(request)),
    );
  },
};

// ---------------------------------------------------------------- webhooks and addresses

/** Lists of the default service: another service's resources are not among them. */
export const listOfService: OperationRule = {
  respond(request) {
    const { store } = request.state;
    const all = store.list(request.target.collection);
    return listResponse(
      request,
      all.filter(({ body }) => body.chat_service_sid === serviceIn(request)),
    );
  },
};

/** Stores the fields `Configuration.…` and `AutoCreation.…` in the properties of those names. */
const withGroup = (group: string, property: string): OperationRule => ({
  onCreate(request, { body }) {
    body[property] = fieldGroup(request, group) ?? {};
  },
  onUpdate(request, { body }) {
    body[property] = { ...(body[property] as Properties), ...fieldGroup(request, group) };
  },
});

const createWebhook: OperationRule = {
  check: (request) => void requireOpen(request),
  ...withGroup('Configuration', 'configuration'),
};

const fetchByAddress: OperationRule = {
  /** Twilio accepts the address in the path instead of the SID. */
  check(request) {
    const { target, state } = request;
    const found = state.store.list(target.collection).find(({ body }) => body.address === target.id);
    if (found) target.id = found.id;
  },
};

/** A rule for the operation in the default service and the same one in a named service. */
export const inBoth = (verb: string, resource: string, rule: OperationRule): Record<string, OperationRule> => ({
  [`conversations_v1:${verb}${resource}`]: rule,
  [`conversations_v1:${verb}Service${resource}`]: rule,
});

export const CONVERSATION_RULES: Record<string, OperationRule> = {
  ...inBoth('Create', 'Conversation', createConversation),
  ...inBoth('Update', 'Conversation', updateConversation),
  ...inBoth('List', 'Conversation', listConversations),
  ...inBoth('Create', 'ConversationScopedWebhook', createWebhook),
  ...inBoth('Update', 'ConversationScopedWebhook', withGroup('Configuration', 'configuration')),
  ...inBoth('List', 'Role', listOfService),
  'conversations_v1:CreateService': { onCreate: ({ state, now }, { id }) => addRoles(state, id, now) },
  'conversations_v1:CreateConfigurationAddress': withGroup('AutoCreation', 'auto_creation'),
  'conversations_v1:UpdateConfigurationAddress': { ...fetchByAddress, ...withGroup('AutoCreation', 'auto_creation') },
  'conversations_v1:FetchConfigurationAddress': fetchByAddress,
  'conversations_v1:DeleteConfigurationAddress': fetchByAddress,
};

export const CONVERSATION_LIFECYCLES: Record<string, Lifecycle> = { [CONVERSATION_KIND]: advanceConversation };
