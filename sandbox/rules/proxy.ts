/** Proxy: sessions, the numbers of their participants, and the messages and calls that pass through them. */
import { targetResource, targetResources } from '../collection';
import { ApiError, badRequest, notFound } from '../errors';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxResponse, SandboxState } from '../types';
import { type Step, stepsOfTwiml } from './call-script';
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

/** Who writes or calls in a session, and whom that reaches. */
interface Relay {
  session: StoredResource;
  sender: StoredResource;
  recipient: StoredResource;
}

/** The open session in which `from` reaches someone at the proxy number `to`; its mode must not be `unsuited`. */
export function relayOf(
  state: SandboxState,
  { from, to }: { from?: unknown; to?: unknown },
  unsuited: 'voice-only' | 'message-only',
  now: number,
): Relay | undefined {
  for (const session of state.store.ofKind(SESSIONS)) {
    expireSession(session, now, state);
    if (isClosed(session) || session.body.mode === unsuited) continue;
    const participants = state.store.list(`${session.collection}/${session.id}/Participants`);
    const sender = participants.find((each) => each.body.identifier === from && each.body.proxy_identifier === to);
    const recipient = participants.find((each) => each !== sender);
    if (sender && recipient) return { session, sender, recipient };
  }
  return undefined;
}

/** Adds an interaction to a session, with the message or call that came in and, if there is one, the one that went out. */
function addInteraction(
  state: SandboxState,
  { session, sender, recipient }: Relay,
  type: 'message' | 'voice',
  [inbound, outbound]: [inbound: StoredResource, outbound?: StoredResource],
  now: number,
): void {
  const { service_sid, account_sid } = session.body as Record<string, string>;
  const date = new Date(now).toISOString();
  Object.assign(session.body, { status: 'in-progress', date_last_interaction: date });
  session.body.date_started ??= date;
  const resourceType = type === 'message' ? 'Message' : 'Call';
  const data = type === 'message' ? JSON.stringify({ body: inbound.body.body }) : null;
  const missing = type === 'message' ? 'failed' : null;
  seedResource(state, {
    fetchOperation: 'proxy_v1:FetchInteraction',
    params: { AccountSid: account_sid!, ServiceSid: service_sid!, SessionSid: session.id },
    known: {
      ...{ sid: newSid('KI'), service_sid, session_sid: session.id, type, data },
      ...{ inbound_participant_sid: sender.id, inbound_resource_sid: inbound.id, inbound_resource_type: resourceType },
      ...{ inbound_resource_status: inbound.body.status, inbound_resource_url: null },
      ...{ outbound_participant_sid: recipient.id, outbound_resource_sid: outbound?.id ?? null },
      ...{ outbound_resource_url: null, outbound_resource_type: resourceType },
      outbound_resource_status: outbound?.body.status ?? missing,
    },
    at: now,
  });
}

/** Passes an inbound message on to the other participant of its session, if it came to a proxy number. */
export function relayMessage(state: SandboxState, message: StoredResource, now: number): void {
  const relay = relayOf(state, message.body, 'voice-only', now);
  if (!relay) return;
  const { identifier, proxy_identifier } = relay.recipient.body as Record<string, string>;
  const fields = { To: identifier!, From: proxy_identifier!, Body: String(message.body.body) };
  const sent = sendIfAllowed(state, String(message.body.account_sid), fields, now);
  addInteraction(state, relay, 'message', [message, sent], now);
}

/** What an inbound call to a proxy number does: it calls the other participant, from their proxy number. */
export function relayCall(state: SandboxState, relay: Relay, call: StoredResource, now: number): Step[] {
  addInteraction(state, relay, 'voice', [call], now);
  const { identifier, proxy_identifier } = relay.recipient.body;
  return stepsOfTwiml(
    `<Response><Dial callerId="${proxy_identifier}"><Number>${identifier}</Number></Dial></Response>`,
  );
}

/** Shows the present status of what came in and went out, and how long a call lasted. */
const followResources: Lifecycle = ({ body }, now, state) => {
  const path =
    body.type === 'voice' ? `${ACCOUNTS_PATH}/${String(body.account_sid)}/Calls` : messagesOf(body.account_sid);
  const inbound = state.store.get(path, String(body.inbound_resource_sid));
  const outbound =
    body.type === 'voice'
      ? state.store.list(path).find((leg) => leg.body.parent_call_sid === inbound?.id)
      : state.store.get(path, String(body.outbound_resource_sid));
  if (body.type === 'voice' && inbound) body.inbound_resource_status = inbound.body.status;
  if (!outbound) return;
  state.lifecycleOf(outbound.kind)?.(outbound, now, state);
  body.outbound_resource_sid = outbound.id;
  body.outbound_resource_status = outbound.body.status;
  if (body.type === 'voice' && outbound.body.duration) body.data = JSON.stringify({ duration: outbound.body.duration });
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
  [`${SESSIONS}/{}/Interactions`]: followResources,
};
