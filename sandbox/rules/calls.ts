/** Programmable Voice: the requests that make, change and read calls. */
import { snake } from '../../openapi/names';
import { targetResource } from '../collection';
import { rfc2822 } from '../dates';
import { ApiError, badRequest } from '../errors';
import { listNewestFirst, pageResponse } from '../lists';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxResponse } from '../types';
import { advanceCalls, endCall, newCallProperties, redirectCall, startCall } from './call-progress';
import { fetching, type Step, stepsOfTwiml, type TwimlRequest } from './call-script';
import { callbackOf } from './callbacks';
import { checkDialingPermission } from './dialing';
import { CALLS, type LiveCall, limitTime, liveOf } from './live-calls';
import { ACCOUNTS_PATH, isPhoneNumber, MAGIC_NUMBERS, ownedNumber } from './phone';

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
  const { Url, Twiml, ApplicationSid } = request.fields as Record<string, string>;
  if (!Url && !Twiml && !ApplicationSid) {
    badRequest(21205, 'Url parameter is required. For more information, see https://www.twilio.com/docs/api/twiml');
  }
  if (Url && !/^https?:\/\//.test(Url)) badRequest(21205, `Url is not a valid URL: ${Url}`);
  // Twilio accepts both and ignores Twiml.
  if (Url && Twiml) request.entry.ignored.push('Twiml');
  if (ApplicationSid) checkApplication(request, ApplicationSid);
  checkAddresses(request);
}

/** Checks who is called, and from which number, by a call or into a conference. @throws ApiError */
export function checkAddresses(request: SandboxRequest): void {
  const { To, From } = request.fields as Record<string, string>;
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

/** The fields that a call and a call into a conference share. */
export function dialingOf({ fields, accountSid }: SandboxRequest) {
  const { To, From, Timeout, TimeLimit, MachineDetection, AsyncAmd } = fields as Record<string, string>;
  const detection = AsyncAmd === 'true' ? 'Enable' : MachineDetection;
  return {
    ...{ accountSid, to: To!, from: From!, direction: 'outbound-api' as const },
    timeout: Number(Timeout ?? 60),
    timeLimit: Number(TimeLimit ?? 14_400),
    detection: (MachineDetection && detection) as LiveCall['detection'],
    callback: callbackOf(fields, 'StatusCallback'),
  };
}

/** How a call is recorded from its answer on; undefined if it is not. */
export function recordedWith({ fields }: SandboxRequest) {
  const channels = fields.RecordingChannels === 'dual' ? 2 : 1;
  const callback = callbackOf(fields, 'RecordingStatusCallback');
  return fields.Record === true ? { channels, track: fields.RecordingTrack, callback } : undefined;
}

/** What a request makes a call do. A TwiML App has its own URLs. */
function stepsOf(request: SandboxRequest): Step[] {
  const { Url, Method, Twiml, FallbackUrl, FallbackMethod } = request.fields as Record<string, string>;
  const application = applicationOf(request);
  if (application) return fetching(voiceUrlsOf(application));
  if (Twiml && !Url) return stepsOfTwiml(Twiml);
  return fetching({ url: Url!, method: Method, fallbackUrl: FallbackUrl, fallbackMethod: FallbackMethod });
}

const applicationOf = ({ fields, state, accountSid }: SandboxRequest): StoredResource | undefined =>
  state.store.get(`${ACCOUNTS_PATH}/${accountSid}/Applications`, String(fields.ApplicationSid));

/** Where a TwiML App or a phone number has the TwiML for its calls. */
export function voiceUrlsOf({ body }: StoredResource): TwimlRequest {
  const { voice_url, voice_method, voice_fallback_url, voice_fallback_method } = body as Record<string, string>;
  return {
    ...{ url: voice_url ?? '', method: voice_method, fallbackMethod: voice_fallback_method },
    fallbackUrl: voice_fallback_url || undefined,
  };
}

function completeCall(request: SandboxRequest, call: StoredResource): void {
  const { state, now } = request;
  const application = applicationOf(request)?.body;
  const callback = application ? callbackOf(application, 'status_callback') : undefined;
  const fields = { ...dialingOf(request), ...(application && { callback }), steps: stepsOf(request) };
  Object.assign(call.body, newCallProperties(fields, call.id, state));
  call.internal.record = recordedWith(request);
  call.internal.events = [creationEvent(request, call)];
  startCall(call, fields, now, state);
}

/** The request that made the call, as the list of its events shows it. */
function creationEvent({ fields, entry, accountSid, now }: SandboxRequest, call: StoredResource) {
  const parameters = Object.fromEntries(Object.entries(fields).map(([name, value]) => [snake(name), value]));
  const response_body = JSON.stringify({ sid: call.id });
  return {
    request: {
      method: 'POST',
      url: `https://api.twilio.com${entry.path}`,
      parameters: { account_sid: accountSid, ...parameters },
    },
    response: {
      response_code: 201,
      content_type: 'application/json',
      response_body,
      date_created: rfc2822(new Date(now)),
    },
  };
}

/** Twilio has the events of a call only after it ended. */
function listEvents(request: SandboxRequest): SandboxResponse | undefined {
  const call = request.state.store.get(`${ACCOUNTS_PATH}/${request.accountSid}/Calls`, request.target.params.CallSid!);
  return call && pageResponse(request, liveOf(call) ? [] : ((call.internal.events as unknown[] | undefined) ?? []));
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
  const { fields, state, now } = request;
  const { Status, Url, Twiml, TimeLimit } = fields;
  const live = liveOf(call);
  const callback = callbackOf(fields, 'StatusCallback');
  if (callback) call.internal.statusCallback = callback;
  if (Status) return void endCall(call, String(Status), now, state);
  if (live && TimeLimit) limitTime(live, Number(TimeLimit), now, state);
  if (live && (Url || Twiml)) redirectCall(call, stepsOf(request), now, state);
}

function checkEnded(request: SandboxRequest): void {
  const call = targetResource(request);
  if (call && OPEN_STATUSES.includes(String(call.body.status))) {
    throw new ApiError(409, 20009, 'Cannot delete this resource before it is complete');
  }
}

export const CALL_RULES: Record<string, OperationRule> = {
  'api_v2010:CreateCall': { check: checkNewCall, onCreate: completeCall },
  'api_v2010:ListCall': { respond: listNewestFirst },
  'api_v2010:UpdateCall': { check: checkCallUpdate, onUpdate: updateCall },
  'api_v2010:DeleteCall': { check: checkEnded },
  'api_v2010:ListCallEvent': { respond: listEvents },
  'api_v2010:ListCallNotification': { respond: listNewestFirst },
  'api_v2010:ListNotification': { respond: listNewestFirst },
};

/** A call that has just been made may end at once. */
const advanceCall: Lifecycle = (call, now, state) => {
  if (liveOf(call)) advanceCalls(now, state);
};

export const CALL_LIFECYCLES: Record<string, Lifecycle> = { [CALLS]: advanceCall };
