/** Conferences: how calls join and leave them, and when they start and end. */
import { rfc2822 } from '../dates';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { SandboxState } from '../types';
import type { ConferenceStep } from './call-script';
import { reportConference } from './callbacks';
import { interrupt, liveOf } from './live-calls';
import { ACCOUNTS_PATH } from './phone';
import { finishRecordings, startRecording } from './recordings';

const conferencesPath = (accountSid: unknown): string => `${ACCOUNTS_PATH}/${accountSid}/Conferences`;

const participantsPath = (conference: StoredResource): string =>
  `${conference.collection}/${conference.id}/Participants`;

/** The conference with a SID, or the one with a name that has not ended. */
export function findConference(accountSid: string, name: string, state: SandboxState): StoredResource | undefined {
  const conferences = state.store.list(conferencesPath(accountSid));
  return (
    conferences.find(({ id }) => id === name) ??
    conferences.find(({ body }) => body.friendly_name === name && body.status !== 'completed')
  );
}

/** Begins a conference, which is not in progress before someone who starts it has joined. */
export function createConference(
  accountSid: string,
  name: string,
  region: string,
  at: number,
  state: SandboxState,
): StoredResource {
  const sid = newSid('CF');
  const path = `/2010-04-01/Accounts/${accountSid}/Conferences/${sid}`;
  return seedResource(state, {
    fetchOperation: 'api_v2010:FetchConference',
    params: { AccountSid: accountSid },
    known: {
      ...{ sid, friendly_name: name, status: 'init', region, api_version: '2010-04-01' },
      ...{ reason_conference_ended: null, call_sid_ending_conference: null },
      subresource_uris: { participants: `${path}/Participants.json`, recordings: `${path}/Recordings.json` },
    },
    at,
  });
}

/** Stores a call as a participant, with the status of its call. */
export function addParticipant(
  conference: StoredResource,
  call: StoredResource,
  step: ConferenceStep,
  status: string,
  at: number,
  state: SandboxState,
): StoredResource {
  const accountSid = String(call.body.account_sid);
  return seedResource(state, {
    fetchOperation: 'api_v2010:FetchParticipant',
    params: { AccountSid: accountSid, ConferenceSid: conference.id },
    known: {
      ...{ sid: call.id, call_sid: call.id, conference_sid: conference.id, label: step.label, status },
      ...{ muted: step.muted, hold: false, queue_time: '0' },
      ...{ coaching: step.callSidToCoach !== null, call_sid_to_coach: step.callSidToCoach },
      ...{ start_conference_on_enter: step.startOnEnter, end_conference_on_exit: step.endOnExit },
    },
    at,
  });
}

/** The conference that a call is in or about to join, and its participant. */
export function participationOf(call: StoredResource, state: SandboxState) {
  const sid = liveOf(call)?.conferenceSid;
  const conference = sid ? state.store.get(conferencesPath(call.body.account_sid), sid) : undefined;
  const participant = conference && state.store.get(participantsPath(conference), call.id);
  return conference && participant ? { conference, participant } : undefined;
}

/** Connects a call to the conference that its step names, and starts one if no conference has that name. */
export function joinConference(call: StoredResource, step: ConferenceStep, at: number, state: SandboxState): void {
  const live = liveOf(call)!;
  const account = String(call.body.account_sid);
  const named = live.conferenceSid ?? step.name;
  const conference = findConference(account, named, state) ?? createConference(account, named, 'us1', at, state);
  live.conferenceSid = conference.id;
  const participant =
    participationOf(call, state)?.participant ?? addParticipant(conference, call, step, 'connected', at, state);
  participant.body.status = 'connected';
  // Twilio ignores the callbacks of later participants.
  conference.internal.callback ??= step.callback;
  if (conference.body.status === 'init' && step.startOnEnter) {
    setConferenceStatus(conference, 'in-progress', at, state);
    reportConference(conference, 'start', 'conference-start', at, state);
    const { record, recordingCallback: callback } = step;
    if (record) startRecording(conference, { source: 'Conference', channels: 2, callback }, at, state);
  }
  reportConference(conference, 'join', 'participant-join', at, state, participant);
}

/** Removes a call from its conference, which ends with the last one, or with one that ends it. */
export function leaveConference(call: StoredResource, at: number, state: SandboxState): void {
  const live = liveOf(call)!;
  const participation = participationOf(call, state);
  const kicked = live.kicked === true;
  live.conferenceSid = undefined;
  live.kicked = undefined;
  if (!participation) return;
  const { conference, participant } = participation;
  state.store.remove(participant.collection, participant.id);
  reportLeaving(conference, participant, at, state);
  const exit = kicked ? 'kicked' : 'left';
  if (participant.body.end_conference_on_exit && participant.body.status === 'connected') {
    endConference(conference, `participant-with-end-conference-on-exit-${exit}`, call.id, at, state);
  } else if (participantsOf(conference, state).length === 0) {
    endConference(conference, `last-participant-${exit}`, call.id, at, state);
  }
}

/** Everyone in a conference, or about to join it. */
export const participantsOf = (conference: StoredResource, state: SandboxState): StoredResource[] =>
  state.store.list(participantsPath(conference));

/** Completes a conference. The calls in it go on with what follows in their TwiML. */
export function endConference(
  conference: StoredResource,
  reason: string,
  callSid: string | null,
  at: number,
  state: SandboxState,
): void {
  finishRecordings(conference, at, state);
  Object.assign(conference.body, { reason_conference_ended: reason, call_sid_ending_conference: callSid });
  setConferenceStatus(conference, 'completed', at, state);
  for (const participant of participantsOf(conference, state)) {
    state.store.remove(participant.collection, participant.id);
    reportLeaving(conference, participant, at, state);
    const call = state.store.get(`${ACCOUNTS_PATH}/${conference.body.account_sid}/Calls`, participant.id);
    if (call) interrupt(call, at, { ends: liveOf(call)?.stage !== 'answered' });
  }
  reportConference(conference, 'end', 'conference-end', at, state);
}

function reportLeaving(conference: StoredResource, participant: StoredResource, at: number, state: SandboxState): void {
  if (participant.body.status !== 'connected') return;
  reportConference(conference, 'leave', 'participant-leave', at, state, participant);
}

function setConferenceStatus(conference: StoredResource, status: string, at: number, state: SandboxState): void {
  conference.body.status = status;
  conference.body.date_updated = rfc2822(new Date(at));
  conference.updatedAt = at;
  state.events.emit('change', { resource: conference, change: status });
}
