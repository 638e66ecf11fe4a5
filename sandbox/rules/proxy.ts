/** Proxy: sessions, the numbers of their participants, and the messages that pass through them. */
import { targetResource, targetResources } from '../collection';
import { ApiError, badRequest, notFound } from '../errors';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxResponse, SandboxState } from '../types';
import { callingCountry } from './countries';
import { setDefaults } from './defaults';
import { sendOutgoing } from './outgoing';
import { ACCOUNTS_PATH, messagesOf, ownedNumber } from './phone';

const PROXY_SERVICES = 'proxy.twilio.com/v1/Services';
const SESSIONS = `${PROXY_SERVICES}/{}/Sessions`;
/** A session connects two people. */
const MAX_PARTICIPANTS = 2;

const isClosed = ({ body }: StoredResource): boolean => body.status === 'closed';

/** `…/Services/KS…`, above the collection that a request addresses. */
const servicePath = ({ target }: SandboxRequest): string => /^.*?\/Services\/[^/]+/.exec(target.collection)![0];

// ---------------------------------------------------------------- numbers

/** Adds a number of the account to the pool, under its own SID. */
function addNumber(request: SandboxRequest): SandboxResponse | undefined {
  const { state, fields, accountSid, now, target } = request;
  const { Sid, PhoneNumber, IsReserved = false } = fields as Record<string, string | undefined>;
  const own = PhoneNumber
    ? ownedNumber(request, PhoneNumber)
    : state.store.get(`${ACCOUNTS_PATH}/${accountSid}/IncomingPhoneNumbers`, String(Sid));
  if (!own && state.options.lenient) return undefined;
  if (!own) throw notFound(`${target.path}/${String(Sid ?? PhoneNumber)}`);
  if (state.store.get(target.collection, own.id)) badRequest(20001, `${own.id} is in the Service already`);
  const { phone_number, friendly_name, capabilities } = own.body;
  const { sms, mms, voice } = (capabilities ?? {}) as Record<string, boolean>;
  const number = seedResource(state, {
    fetchOperation: 'proxy_v1:FetchPhoneNumber',
    params: { AccountSid: accountSid, ServiceSid: target.params.ServiceSid! },
    known: {
      ...{ sid: own.id, service_sid: target.params.ServiceSid, phone_number, friendly_name },
      ...{ iso_country: callingCountry(String(phone_number))?.iso ?? null, is_reserved: IsReserved, in_use: 0 },
      capabilities: {
        ...{ sms_inbound: sms, sms_outbound: sms, mms_inbound: mms, mms_outbound: mms },
        ...{ voice_inbound: voice, voice_outbound: voice },
      },
    },
    at: now,
  });
  return { status: 201, body: number.body };
}

/** The participants of the open sessions of a service. */
function openParticipants(state: SandboxState, service: string): StoredResource[] {
  const sessions = state.store.list(`${service}/Sessions`).filter((session) => !isClosed(session));
  return sessions.flatMap(({ id }) => state.store.list(`${service}/Sessions/${id}/Participants`));
}

/** Counts the open sessions that use a number. */
const countUse: Lifecycle = (number, _, state) => {
  const service = number.collection.replace(/\/PhoneNumbers$/, '');
  const users = openParticipants(state, service).filter(({ body }) => body.proxy_identifier_sid === number.id);
  number.body.in_use = new Set(users.map(({ body }) => body.session_sid)).size;
};

// ---------------------------------------------------------------- sessions and participants

const expireSession: Lifecycle = (session, now) => {
  const { ttl, date_expiry, date_last_interaction } = session.body as Record<string, string | null>;
  const idleFrom = date_last_interaction ? Date.parse(date_last_interaction) : session.createdAt;
  const end = date_expiry ? Date.parse(date_expiry) : Number(ttl) > 0 ? idleFrom + Number(ttl) * 1000 : Infinity;
  if (!isClosed(session) && now >= end) close(session, end);
};

function close(session: StoredResource, at: number): void {
  Object.assign(session.body, { status: 'closed', date_ended: new Date(at).toISOString() });
}

function completeSession(request: SandboxRequest, session: StoredResource): void {
  const { store } = request.state;
  const { ServiceSid } = request.target.params;
  const service = store.get(servicePath(request).replace(/\/[^/]+$/, ''), ServiceSid!);
  const defaults = { mode: 'voice-and-message', status: 'open', ttl: service?.body.default_ttl ?? 0 };
  setDefaults(request, session, { ...defaults, unique_name: null, date_expiry: null });
  Object.assign(session.body, {
    date_started: null,
    date_ended: null,
    date_last_interaction: null,
    closed_reason: null,
  });
}

/** The pool's number for a participant: one that this person does not use in another session, and preferably new in this one. */
function chooseNumber(request: SandboxRequest): StoredResource | undefined {
  const { state, fields } = request;
  const service = servicePath(request);
  const { Identifier, ProxyIdentifier, ProxyIdentifierSid } = fields as Record<string, string | undefined>;
  const pool = state.store.list(`${service}/PhoneNumbers`);
  const wanted = ProxyIdentifier ?? ProxyIdentifierSid;
  const users = openParticipants(state, service);
  const busy = new Set(
    users.filter(({ body }) => body.identifier === Identifier).map(({ body }) => body.proxy_identifier_sid),
  );
  const inSession = new Set(targetResources(request).map(({ body }) => body.proxy_identifier_sid));
  const near = callingCountry(String(Identifier))?.iso;
  const free = pool.filter(({ id, body }) =>
    wanted ? [id, body.phone_number].includes(wanted) : !body.is_reserved && !busy.has(id),
  );
  const rank = ({ id, body }: StoredResource) => Number(inSession.has(id)) + (body.iso_country === near ? 0 : 2);
  return free.sort((a, b) => rank(a) - rank(b))[0];
}

function checkProxyParticipant(request: SandboxRequest): void {
  const { state, target, fields, now } = request;
  if (state.options.lenient) return;
  const session = state.store.get(`${servicePath(request)}/Sessions`, target.params.SessionSid!);
  if (session) expireSession(session, now, state);
  if (session && isClosed(session)) badRequest(20001, 'The Session is closed');
  const participants = targetResources(request);
  if (participants.length >= MAX_PARTICIPANTS) badRequest(20001, 'The Session has two Participants already');
  if (participants.some(({ body }) => body.identifier === fields.Identifier)) {
    badRequest(20001, `${String(fields.Identifier)} is a Participant of the Session already`);
  }
  if (!chooseNumber(request)) badRequest(20001, 'The Service has no phone number that this Participant can use');
}

function completeParticipant(request: SandboxRequest, { body }: StoredResource): void {
  const number = chooseNumber(request);
  Object.assign(body, {
    proxy_identifier: number?.body.phone_number ?? body.proxy_identifier ?? null,
    proxy_identifier_sid: number?.id ?? null,
    friendly_name: request.fields.FriendlyName ?? null,
    date_deleted: null,
  });
}

function checkSessionUpdate(request: SandboxRequest): void {
  const session = targetResource(request);
  if (session && isClosed(session)) throw new ApiError(400, 20001, 'A closed Session cannot be changed');
}

// ---------------------------------------------------------------- interactions

/** Sends a message; undefined if Twilio refuses it. */
function sendIfAllowed(...message: Parameters<typeof sendOutgoing>): StoredResource | undefined {
  try {
    return sendOutgoing(...message);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** Passes an inbound message on to the other participant of its session, if it came to a proxy number. */
export function relayMessage(state: SandboxState, message: StoredResource, now: number): void {
  const { from, to, account_sid, body } = message.body as Record<string, string>;
  for (const session of state.store.ofKind(SESSIONS)) {
    expireSession(session, now, state);
    if (isClosed(session) || session.body.mode === 'voice-only') continue;
    const participants = state.store.list(`${session.collection}/${session.id}/Participants`);
    const sender = participants.find((each) => each.body.identifier === from && each.body.proxy_identifier === to);
    const recipient = participants.find((each) => each !== sender);
    if (!sender || !recipient) continue;
    const { identifier, proxy_identifier } = recipient.body as Record<string, string>;
    const fields = { To: identifier!, From: proxy_identifier!, Body: body! };
    const sent = sendIfAllowed(state, account_sid!, fields, now);
    const { service_sid } = session.body as Record<string, string>;
    const date = new Date(now).toISOString();
    Object.assign(session.body, { status: 'in-progress', date_last_interaction: date });
    session.body.date_started ??= date;
    seedResource(state, {
      fetchOperation: 'proxy_v1:FetchInteraction',
      params: { AccountSid: account_sid!, ServiceSid: service_sid!, SessionSid: session.id },
      known: {
        ...{ sid: newSid('KI'), service_sid, session_sid: session.id, type: 'message', data: JSON.stringify({ body }) },
        ...{ inbound_participant_sid: sender.id, inbound_resource_sid: message.id, inbound_resource_type: 'Message' },
        ...{ inbound_resource_status: 'received', inbound_resource_url: null },
        ...{
          outbound_participant_sid: recipient.id,
          outbound_resource_sid: sent?.id ?? null,
          outbound_resource_url: null,
        },
        ...{ outbound_resource_type: 'Message', outbound_resource_status: sent?.body.status ?? 'failed' },
      },
      at: now,
    });
  }
}

/** Shows the present status of the message that went out. */
const followMessage: Lifecycle = ({ body }, now, state) => {
  const path = messagesOf(body.account_sid);
  const message = state.store.get(path, String(body.outbound_resource_sid));
  if (!message) return;
  state.lifecycleOf(message.kind)?.(message, now, state);
  body.outbound_resource_status = message.body.status;
};

const SERVICE_DEFAULTS = {
  ...{ default_ttl: 0, geo_match_level: 'country', number_selection_behavior: 'prefer-sticky' },
  ...{ callback_url: null, intercept_callback_url: null, out_of_session_callback_url: null, chat_instance_sid: null },
};

export const PROXY_RULES: Record<string, OperationRule> = {
  'proxy_v1:CreateService': { onCreate: (request, service) => setDefaults(request, service, SERVICE_DEFAULTS) },
  'proxy_v1:CreatePhoneNumber': { respond: addNumber },
  'proxy_v1:CreateSession': { onCreate: completeSession },
  'proxy_v1:UpdateSession': {
    check: checkSessionUpdate,
    onUpdate({ fields, now }, session) {
      if (fields.Status === 'closed') close(session, now);
    },
  },
  'proxy_v1:CreateParticipant': { check: checkProxyParticipant, onCreate: completeParticipant },
};

export const PROXY_LIFECYCLES: Record<string, Lifecycle> = {
  [`${PROXY_SERVICES}/{}/PhoneNumbers`]: countUse,
  [SESSIONS]: expireSession,
  [`${SESSIONS}/{}/Interactions`]: followMessage,
};
