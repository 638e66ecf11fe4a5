/** Programmable Voice: how calls progress, their recordings, and conferences. */
import { targetResource, targetResources } from '../collection';
import { rfc2822 } from '../dates';
import { ApiError, badRequest } from '../errors';
import { advance, elapsedTime, timeAfter } from '../lifecycle';
import { listNewestFirst, listResponse, newestFirst } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxResponse, SandboxState } from '../types';
import { checkDialingPermission } from './dialing';
import { ACCOUNTS_PATH, isPhoneNumber, MAGIC_NUMBERS, nationalFormat, ownedNumber } from './phone';
import { minutePrice } from './prices';

/** Statuses of an outbound call by the milliseconds after its creation. */
const CALL_STEPS: Array<[number, string]> = [
  [0, 'queued'],
  [300, 'ringing'],
  [700, 'in-progress'],
  [2500, 'completed'],
];
const OPEN_STATUSES = ['queued', 'initiated', 'ringing', 'in-progress'];

const CALL_TO_ERRORS: Record<string, [number, string]> = {
  [MAGIC_NUMBERS.invalid]: [21217, `Phone number does not appear to be valid: ${MAGIC_NUMBERS.invalid}`],
  [MAGIC_NUMBERS.unroutable]: [21214, `'To' phone number cannot be reached: ${MAGIC_NUMBERS.unroutable}`],
  [MAGIC_NUMBERS.noPermission]: [
    21215,
    `Account not authorized to call ${MAGIC_NUMBERS.noPermission}: enable the country in the geographic permissions`,
  ],
  [MAGIC_NUMBERS.blocked]: [13225, `Call blocked: ${MAGIC_NUMBERS.blocked} is on the list of forbidden numbers`],
};

function checkNewCall(request: SandboxRequest): void {
  const { To, From, Url, Twiml, ApplicationSid } = request.fields as Record<string, string>;
  if (!Url && !Twiml && !ApplicationSid) {
    badRequest(21205, 'Url parameter is required. For more information, see https://www.twilio.com/docs/api/twiml');
  }
  if (Url && !/^https?:\/\//.test(Url)) badRequest(21205, `Url is not a valid URL: ${Url}`);
  // Twilio accepts both and ignores Twiml.
  if (Url && Twiml) request.entry.ignored.push('Twiml');
  if (ApplicationSid) checkApplication(request, ApplicationSid);
  if (CALL_TO_ERRORS[To!]) badRequest(...CALL_TO_ERRORS[To!]!);
  if (!/^(sip|client):/.test(To!) && !isPhoneNumber(To!)) badRequest(21211, `Invalid 'To' Phone Number: ${To}`);
  if (From === MAGIC_NUMBERS.invalid) badRequest(21212, `Invalid From Number (caller ID): ${From}`);
  checkDialingPermission(request, To!);
  if (/^(sip|client):/.test(From!) || From === MAGIC_NUMBERS.valid) return;
  const callerIds = request.state.store.list(`${ACCOUNTS_PATH}/${request.accountSid}/OutgoingCallerIds`);
  const verified = callerIds.some((callerId) => callerId.body.phone_number === From);
  if (!ownedNumber(request, From!) && !verified) {
    badRequest(
      21210,
      `The source phone number provided, ${From}, is not yet verified for your account. You may only make calls from phone numbers that you've verified or purchased from Twilio.`,
    );
  }
}

function checkApplication(request: SandboxRequest, sid: string): void {
  const application = request.state.store.get(`${ACCOUNTS_PATH}/${request.accountSid}/Applications`, sid);
  if (!application && !request.state.options.lenient) badRequest(21218, `The ApplicationSid ${sid} is not valid`);
}

function completeCall(request: SandboxRequest, call: StoredResource): void {
  const { To, From } = request.fields as Record<string, string>;
  Object.assign(call.body, {
    direction: 'outbound-api',
    status: 'queued',
    to_formatted: nationalFormat(To!),
    from_formatted: nationalFormat(From!),
    phone_number_sid: ownedNumber(request, From!)?.id ?? null,
    parent_call_sid: null,
    start_time: null,
    end_time: null,
    duration: null,
    price: null,
    price_unit: 'USD',
    answered_by: null,
    caller_name: null,
    forwarded_from: null,
    group_sid: null,
    trunk_sid: null,
    queue_time: '0',
  });
  call.internal.record = request.fields.Record === true;
  call.internal.detectMachine = request.fields.MachineDetection !== undefined;
}

const advanceCall: Lifecycle = (call, now, state) => {
  const { body, internal } = call;
  if (internal.final || !OPEN_STATUSES.includes(String(body.status))) return;
  const elapsed = elapsedTime(call, now, state);
  const current = CALL_STEPS.findIndex(([, name]) => name === body.status);
  for (const [after, status] of CALL_STEPS.slice(current + 1)) {
    if (elapsed < after) return;
    const time = timeAfter(call, after, state);
    setStatus(call, status, time);
    state.events.emit('change', { resource: call, change: status });
    if (status === 'completed' && internal.record) addRecording(call, time, state);
  }
};

/** Sets the status and the properties that a call gets with it. `time` is in milliseconds since 1970. */
function setStatus({ body, internal }: StoredResource, status: string, time: number): void {
  const date = rfc2822(new Date(time));
  body.status = status;
  body.date_updated = date;
  if (status === 'in-progress') {
    body.start_time = date;
    internal.answeredAt = time;
    if (internal.detectMachine) body.answered_by = 'human';
  }
  if (status === 'completed') {
    body.start_time ??= date;
    body.end_time = date;
    const seconds = Math.max(1, Math.round((time - Number(internal.answeredAt ?? time)) / 1000));
    body.duration = String(seconds);
    body.price = (-minutePrice(String(body.to)) * Math.ceil(seconds / 60)).toFixed(5);
  }
}

function addRecording(call: StoredResource, at: number, state: SandboxState): void {
  seedResource(state, {
    fetchOperation: 'api_v2010:FetchRecording',
    params: { AccountSid: String(call.body.account_sid) },
    known: {
      sid: newSid('RE'),
      call_sid: call.id,
      conference_sid: null,
      duration: call.body.duration,
      start_time: call.body.start_time,
      status: 'completed',
      source: 'OutboundAPI',
      channels: 1,
      price: '-0.00250',
      error_code: null,
    },
    at,
  });
}

function checkCallUpdate(request: SandboxRequest): void {
  const call = targetResource(request);
  if (!call) return;
  const status = String(call.body.status);
  const { Status, Url, Twiml } = request.fields;
  if (Status === 'canceled' && !['queued', 'initiated', 'ringing'].includes(status)) {
    badRequest(21220, `Invalid call state: a call that is ${status} cannot be canceled`);
  }
  if (Status === 'completed' && !OPEN_STATUSES.includes(status)) {
    badRequest(21220, `Invalid call state: the call is ${status} already`);
  }
  if ((Url || Twiml) && status !== 'in-progress') badRequest(21220, 'Call is not in-progress. Cannot redirect.');
}

function updateCall(request: SandboxRequest, call: StoredResource): void {
  const { Status } = request.fields;
  if (Status === 'completed') setStatus(call, 'completed', request.now);
  if (Status === 'canceled') call.body.end_time = rfc2822(new Date(request.now));
  if (Status) request.state.events.emit('change', { resource: call, change: String(Status) });
}

function checkEnded(request: SandboxRequest): void {
  const call = targetResource(request);
  if (call && OPEN_STATUSES.includes(String(call.body.status))) {
    throw new ApiError(409, 20009, 'Cannot delete this resource before it is complete');
  }
}

/** Only a call in progress can be recorded. */
function checkInProgress(request: SandboxRequest): void {
  const sid = request.target.params.CallSid!;
  const call = request.state.store.get(`${ACCOUNTS_PATH}/${request.accountSid}/Calls`, sid);
  if (!call) return;
  if (advance(call, request).body.status !== 'in-progress') {
    badRequest(21220, 'Invalid call state: the call is not in-progress');
  }
}

/** Without a status filter, Twilio lists only conferences in progress. */
function listConferences(request: SandboxRequest): SandboxResponse {
  const all = newestFirst(targetResources(request));
  const inProgress = all.filter((conference) => conference.body.status === 'in-progress');
  return listResponse(request, request.query.Status === undefined ? inProgress : all);
}

export const CALL_RULES: Record<string, OperationRule> = {
  'api_v2010:CreateCall': { check: checkNewCall, onCreate: completeCall },
  'api_v2010:ListCall': { respond: listNewestFirst },
  'api_v2010:UpdateCall': { check: checkCallUpdate, onUpdate: updateCall },
  'api_v2010:DeleteCall': { check: checkEnded },
  'api_v2010:CreateCallRecording': { check: checkInProgress },
  'api_v2010:ListRecording': { respond: listNewestFirst },
  'api_v2010:ListCallRecording': { respond: listNewestFirst },
  'api_v2010:ListConference': { respond: listConferences },
  'api_v2010:UpdateConference': {
    onUpdate(request, conference) {
      if (request.fields.Status === 'completed') conference.body.reason_conference_ended = 'conference-ended-via-api';
    },
  },
};

export const CALL_LIFECYCLES: Record<string, Lifecycle> = { [`${ACCOUNTS_PATH}/{}/Calls`]: advanceCall };
