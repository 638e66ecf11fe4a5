/** The requests that add people to conferences, change what they hear, and end them. */
import { targetResource, targetResources } from '../collection';
import { badRequest, notFound } from '../errors';
import { listResponse, newestFirst } from '../lists';
import type { StoredResource } from '../store';
import type { OperationRule, SandboxRequest, SandboxResponse } from '../types';
import { endCall, placeCall } from './call-progress';
import type { ConferenceStep } from './call-script';
import { callbackOf, reportConference } from './callbacks';
import { checkAddresses, dialingOf, recordedWith } from './calls';
import { addParticipant, createConference, endConference, findConference, participantsOf } from './conferences';
import { interrupt, liveOf } from './live-calls';
import { ACCOUNTS_PATH } from './phone';

/** Calls someone into a conference, and creates one if no live conference has that name. */
function createConferenceParticipant(request: SandboxRequest): SandboxResponse {
  const { state, now, fields, accountSid, target, entry } = request;
  const name = target.params.ConferenceSid!;
  const found = findConference(accountSid, name, state);
  const ended = found?.body.status === 'completed';
  if (ended || (!found && /^CF[0-9a-f]{32}$/i.test(name) && !state.options.lenient)) throw notFound(entry.path);
  checkAddresses(request);
  const region = String(fields.Region ?? 'us1');
  const conference = found ?? createConference(accountSid, name, region, now, state);
  const step: ConferenceStep = {
    ...{ do: 'conference', name: conference.id, label: (fields.Label as string | undefined) ?? null },
    ...{ muted: fields.Muted === true, callSidToCoach: (fields.CallSidToCoach as string | undefined) ?? null },
    ...{ startOnEnter: fields.StartConferenceOnEnter !== false, endOnExit: fields.EndConferenceOnExit === true },
    record: fields.ConferenceRecord === 'true' || fields.ConferenceRecord === 'record-from-start',
    callback: callbackOf(fields, 'ConferenceStatusCallback', 'start end'),
    recordingCallback: callbackOf(fields, 'ConferenceRecordingStatusCallback'),
  };
  if (step.callSidToCoach) checkCoached(conference, step.callSidToCoach, request);
  const dialing = { ...dialingOf(request), steps: [step], conferenceSid: conference.id };
  const call = placeCall(dialing, now, state);
  call.internal.record = recordedWith(request);
  const participant = addParticipant(conference, call, step, 'queued', now, state);
  return { status: 201, body: { ...participant.body } };
}

function checkCoached(conference: StoredResource, callSid: string, { state }: SandboxRequest): void {
  if (participantsOf(conference, state).some(({ id }) => id === callSid) || state.options.lenient) return;
  badRequest(20001, `CallSidToCoach ${callSid} is not a participant of the conference`);
}

function checkParticipantUpdate(request: SandboxRequest): void {
  const { fields, state, accountSid, target } = request;
  const conference = findConference(accountSid, target.params.ConferenceSid!, state);
  const coached = fields.CallSidToCoach ?? targetResource(request)?.body.call_sid_to_coach;
  if (fields.Coaching === true && !coached) badRequest(20001, 'Coaching requires CallSidToCoach');
  if (conference && fields.CallSidToCoach) checkCoached(conference, String(fields.CallSidToCoach), request);
  const participant = targetResource(request);
  if (participant) participant.internal.before = { muted: participant.body.muted, hold: participant.body.hold };
}

function updateConferenceParticipant(request: SandboxRequest, participant: StoredResource): void {
  const { fields, state, accountSid, target, now } = request;
  const { body, internal } = participant;
  if (fields.Coaching === false) body.call_sid_to_coach = null;
  else if (fields.CallSidToCoach) body.coaching = true;
  const conference = findConference(accountSid, target.params.ConferenceSid!, state);
  const before = (internal.before ?? body) as { muted: unknown; hold: unknown };
  for (const [event, property] of [['mute', 'muted'] as const, ['hold', 'hold'] as const]) {
    if (!conference || before[property] === body[property]) continue;
    const detail = `participant-${body[property] ? '' : 'un'}${event}`;
    reportConference(conference, event, detail, now, state, participant);
  }
}

/** Takes a participant out of the conference; the call goes on with what follows in its TwiML, or ends. */
function removeParticipant(request: SandboxRequest): SandboxResponse | undefined {
  const { state, now, accountSid } = request;
  const participant = targetResource(request);
  const call = participant && state.store.get(`${ACCOUNTS_PATH}/${accountSid}/Calls`, participant.id);
  if (!call || !liveOf(call)) return undefined;
  if (liveOf(call)!.stage === 'answered') interrupt(call, now, { kicked: true });
  else endCall(call, 'canceled', now, state);
  return { status: 204 };
}

/** Without a status filter, Twilio lists only conferences in progress. */
function listConferences(request: SandboxRequest): SandboxResponse {
  const all = newestFirst(targetResources(request));
  const inProgress = all.filter((conference) => conference.body.status === 'in-progress');
  return listResponse(request, request.query.Status === undefined ? inProgress : all);
}

function updateConference({ fields, state, now }: SandboxRequest, conference: StoredResource): void {
  if (fields.Status === 'completed') endConference(conference, 'conference-ended-via-api', null, now, state);
}

export const CONFERENCE_RULES: Record<string, OperationRule> = {
  'api_v2010:ListConference': { respond: listConferences },
  'api_v2010:UpdateConference': { onUpdate: updateConference },
  'api_v2010:CreateParticipant': { namesParent: true, respond: createConferenceParticipant },
  'api_v2010:UpdateParticipant': { check: checkParticipantUpdate, onUpdate: updateConferenceParticipant },
  'api_v2010:DeleteParticipant': { respond: removeParticipant },
};
